package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vertebra map update}. */
@Command(
        name = "update",
        description =
                "Store an entry: any (the default), only when it is new (noexist), only when it is there (exist).",
        footer = {
            "",
            "Examples:",
            "  vertebra map update name totals key 0 value '{\"events\": 0, \"bytes\": 0}'",
            "  vertebra map update path gateway/names key 7 value users noexist",
            "  vertebra map update id 4 key hex 00 00 00 00 value hex 0a 00 00 00"
        })
final class MapUpdate extends RemoteCommand {

    @Parameters(
            arity = "1..*",
            paramLabel = "MAP key DATA value DATA [FLAGS]",
            description = "DATA is JSON, text, or `hex` and bytes.")
    private List<String> words = List.of();

    @Override
    protected void run(ApiClient client) throws CommandException {
        var update = new MapWords(spec(), words, Set.of("key", "value", "flags"));
        client.send("PUT", MapWords.entries(update.find(client)), update.body());
    }
}

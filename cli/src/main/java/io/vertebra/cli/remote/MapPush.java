package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vertebra map push}. */
@Command(
        name = "push",
        description = "Push a value onto a queue or a stack.",
        footer = {"", "Examples:", "  vertebra map push name thresholds value '{\"most\": 10}'"})
final class MapPush extends RemoteCommand {

    @Parameters(arity = "1..*", paramLabel = "MAP value DATA", description = "DATA is JSON, text, or `hex` and bytes.")
    private List<String> words = List.of();

    @Override
    protected void run(ApiClient client) throws CommandException {
        var push = new MapWords(spec(), words, Set.of("value"));
        client.send("POST", MapWords.entries(push.find(client)), push.body());
    }
}

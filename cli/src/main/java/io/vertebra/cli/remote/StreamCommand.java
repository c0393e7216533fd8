package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code vertebra stream}. */
@Command(
        name = "stream",
        description = "Look at the streams of a running Vertebra.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {StreamCommand.List.class, StreamTail.class})
public final class StreamCommand {

    private StreamCommand() {}

    /** Shows all streams. */
    @Command(
            name = "list",
            aliases = "show",
            description = "List the streams.",
            footer = {"", "Examples:", "  vertebra stream list"})
    static final class List extends RemoteCommand {
        @Override
        void run(ApiClient client) throws CommandException {
            var streams = client.list("streams");
            if (output().json()) {
                output().print(out(), streams);
            } else {
                streams.forEach(stream -> print(text((JsonObject) stream)));
            }
        }

        private static String text(JsonObject stream) {
            var to = stream.getJsonArray("connectors").stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(","));
            return stream.getString("name") + ": codelet_set " + stream.getString("codelet_set") + "  map "
                    + stream.getString("map") + "  to " + (to.isEmpty() ? "all" : to) + "\n";
        }
    }
}

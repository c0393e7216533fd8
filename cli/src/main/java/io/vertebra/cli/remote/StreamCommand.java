package io.vertebra.cli.remote;

import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code vertebra stream}. */
@Command(
        name = "stream",
        description = "Look at the streams of a running Vertebra.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {StreamCommand.List.class, StreamTail.class},
        footer = {
            "",
            "Examples:",
            "  vertebra stream list",
            "  vertebra stream tail slow_requests --where 'delay_us>500000'"
        })
public final class StreamCommand {

    private StreamCommand() {}

    /** Shows all streams. */
    @Command(
            name = "list",
            aliases = "show",
            description = "List the streams.",
            footer = {"", "Examples:", "  vertebra stream list"})
    static final class List extends ListCommand {
        List() {
            super("streams", List::text);
        }

        private static String text(JsonObject stream) {
            var to = stream.getJsonArray("connectors").stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(","));
            return stream.getString("name") + ": codelet_set " + stream.getString("codelet_set") + "  map "
                    + stream.getString("map") + "  to " + (to.isEmpty() ? "all" : to) + "  format "
                    + stream.getString("format") + "\n";
        }
    }
}

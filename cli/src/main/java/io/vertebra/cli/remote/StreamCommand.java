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
            description = "List the streams, and what became of their records.",
            footer = {"", "Examples:", "  vertebra stream list"})
    static final class List extends ListCommand {
        List() {
            super("streams", List::text);
        }

        private static String text(JsonObject stream) {
            var lines = new StringBuilder(head(stream));
            for (var output : stream.getJsonArray("outputs")) {
                lines.append('\t').append(account((JsonObject) output)).append('\n');
            }
            return lines.toString();
        }

        private static String head(JsonObject stream) {
            var to = stream.getJsonArray("connectors").stream()
                    .map(String::valueOf)
                    .collect(Collectors.joining(","));
            return stream.getString("name") + ": codelet_set " + stream.getString("codelet_set") + "  map "
                    + stream.getString("map") + "  to " + (to.isEmpty() ? "all" : to) + "  format "
                    + stream.getString("format") + "  delivery " + stream.getString("delivery") + "\n";
        }

        private static String account(JsonObject output) {
            var account = new StringBuilder(output.getString("connector")).append(": emitted ");
            account.append(output.getLong("emitted")).append("  delivered ").append(output.getLong("delivered"));
            account.append("  waiting ").append(output.getLong("waiting"));
            output.getJsonObject("dropped")
                    .forEach(cause -> account.append("  dropped ")
                            .append(cause.getKey())
                            .append(' ')
                            .append(cause.getValue()));
            return account.toString();
        }
    }
}

package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.HexBytes;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vertebra input}. */
@Command(
        name = "input",
        description = "Send records into the codelet sets of a running Vertebra.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {InputCommand.Send.class, InputCommand.Inputs.class},
        footer = {
            "",
            "Examples:",
            "  vertebra input list",
            "  vertebra input send thresholds '{\"most\": 10, \"strict\": true}'"
        })
public final class InputCommand {

    private InputCommand() {}

    /** Sends one record. */
    @Command(
            name = "send",
            description = "Send one record: its fields as JSON, typed by BTF, or its bytes.",
            footer = {
                "",
                "Examples:",
                "  vertebra input send thresholds '{\"most\": 10, \"strict\": true}'",
                "  vertebra input send thresholds hex 0a 00 00 00 00 00 01 00"
            })
    static final class Send extends RemoteCommand {
        @Parameters(index = "0", paramLabel = "INPUT", description = "The input's name.")
        private String input;

        @Parameters(index = "1..*", arity = "1..*", paramLabel = "RECORD", description = "JSON, or `hex` and bytes.")
        private List<String> record = List.of();

        @Override
        protected void run(ApiClient client) throws CommandException {
            var path = "inputs/" + ApiClient.encoded(input);
            if (record.getFirst().equals("hex")) {
                var bytes = HexBytes.parse(String.join("", record.subList(1, record.size())));
                client.send("POST", path, "application/octet-stream", bytes);
            } else {
                var json = String.join(" ", record).getBytes(StandardCharsets.UTF_8);
                client.send("POST", path, "application/json", json);
            }
        }
    }

    /** Shows all inputs. */
    @Command(
            name = "list",
            description = "List the inputs.",
            footer = {"", "Examples:", "  vertebra input list"})
    static final class Inputs extends ListCommand {
        Inputs() {
            super("inputs", Inputs::text);
        }

        private static String text(JsonObject input) {
            return input.getString("name") + ": map " + input.getString("map") + "  accepted "
                    + input.getLong("accepted") + "  refused " + input.getLong("refused") + "  waiting "
                    + input.getLong("waiting") + "\n";
        }
    }
}

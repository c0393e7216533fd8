package io.vertebra.cli.remote;

import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code vertebra hook}. */
@Command(
        name = "hook",
        description = "Look at the hooks of a running Vertebra.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = HookCommand.List.class,
        footer = {"", "Examples:", "  vertebra hook list", "  vertebra -j hook list"})
public final class HookCommand {

    private HookCommand() {}

    /** Shows all hooks. */
    @Command(
            name = "list",
            aliases = "show",
            description = "List the hooks, and what is attached to each.",
            footer = {"", "Examples:", "  vertebra hook list"})
    static final class List extends ListCommand {
        @Mixin
        private Members members;

        List() {
            super("hooks", List::text);
        }

        @Override
        String path(String list) {
            return members.path(list);
        }

        private static String text(JsonObject hook) {
            var codelets =
                    hook.getJsonArray("codelets").stream().map(String::valueOf).collect(Collectors.joining(","));
            var fields = hook.getJsonObject("context").getJsonArray("fields").stream()
                    .map(field -> ((JsonObject) field).getString("name"))
                    .collect(Collectors.joining(","));
            return hook.getString("name") + ": " + (hook.getBoolean("control") ? "control" : "monitor") + "  "
                    + (codelets.isEmpty() ? "off" : "codelets " + codelets) + Members.of(hook) + "\n        context "
                    + hook.getJsonObject("context").getString("name") + "  fields " + fields + "\n";
        }
    }
}

package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;

/** {@code vertebra config}. */
@Command(
        name = "config",
        description = "Look at the settings of a Vertebra that `vertebra start` runs, and have it read them again.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ConfigCommand.Show.class, ConfigCommand.Reload.class},
        footer = {
            "",
            "Examples:",
            "  vertebra config show",
            "  vertebra config reload",
            "  vertebra start --reference        every setting, explained"
        })
public final class ConfigCommand {

    private ConfigCommand() {}

    /** Shows all settings. */
    @Command(
            name = "show",
            description = "Show every setting, its value, and where that comes from.",
            footer = {"", "Examples:", "  vertebra config show", "  vertebra -j config show"})
    static final class Show extends ListCommand {
        Show() {
            super("settings", ConfigCommand::text);
        }
    }

    /** Has the settings read again. */
    @Command(
            name = "reload",
            description = {
                "Read the settings again, from where the running Vertebra has them.",
                "",
                "Live settings that have changed take effect together. When another one has changed, or one breaks its"
                        + " rules,",
                "nothing does, and what stands in the way is told."
            },
            footer = {"", "Examples:", "  vertebra config reload"})
    static final class Reload extends RemoteCommand {
        @Override
        protected void run(ApiClient client) throws CommandException {
            var changed = client.sendForList("POST", "settings/reload");
            if (output().json()) {
                output().print(out(), changed);
            } else {
                changed.forEach(setting -> print(text((JsonObject) setting)));
                print("Changed " + changed.size() + (changed.size() == 1 ? " setting\n" : " settings\n"));
            }
        }
    }

    private static String text(JsonObject setting) {
        return "%-26s %-30s %s%s\n"
                .formatted(
                        setting.getString("key"),
                        setting.getString("value"),
                        setting.getString("source"),
                        setting.getBoolean("live") ? "  (live)" : "");
    }
}

package io.vertebra.cli.remote;

import io.vertx.core.json.JsonObject;
import picocli.CommandLine.Command;

/** {@code vertebra member}. */
@Command(
        name = "member",
        description = "Look at the fleet that a running Vertebra is a member of.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = MemberCommand.List.class,
        footer = {"", "Examples:", "  vertebra member list", "  vertebra -j member list"})
public final class MemberCommand {

    private MemberCommand() {}

    /** Shows all members. */
    @Command(
            name = "list",
            aliases = "show",
            description = "List the members, and how the fleet's sets are at each.",
            footer = {"", "Examples:", "  vertebra member list", "  vertebra -j member list"})
    static final class List extends ListCommand {
        List() {
            super("members", List::text);
        }

        private static String text(JsonObject member) {
            var text = new StringBuilder(member.getString("name") + ": " + member.getString("state") + "  "
                    + member.getString("url") + (member.getBoolean("self") ? "  (this one)" : "") + "\n");
            for (var element : member.getJsonArray("sets")) {
                var set = (JsonObject) element;
                text.append("        set ")
                        .append(set.getString("name"))
                        .append("  generation ")
                        .append(set.getLong("generation"))
                        .append("  ")
                        .append(Members.stateOf(set))
                        .append('\n');
            }
            return text.toString();
        }
    }
}

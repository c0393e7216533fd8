package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code vertebra set}. */
@Command(
        name = "set",
        description = "Load, replace, unload and look at the codelet sets of a running Vertebra.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SetCommand.Load.class,
            SetCommand.Replace.class,
            SetCommand.Unload.class,
            SetCommand.Disable.class,
            SetCommand.Enable.class,
            SetCommand.List.class,
            SetCommand.Show.class
        },
        footer = {
            "",
            "Examples:",
            "  vertebra set load latency.yaml       its objects lie beside it",
            "  vertebra set replace latency.yaml    hooks go over in one step, unchanged maps stay",
            "  vertebra set list",
            "  vertebra set unload request-latency"
        })
public final class SetCommand {

    private static final String SETS = "codelet-sets";

    private SetCommand() {}

    /** Uploads a set that is not loaded. */
    @Command(
            name = "load",
            description = "Verify and attach a codelet set, whole or not at all.",
            footer = {"", "Examples:", "  vertebra set load latency.yaml"})
    static final class Load extends RemoteCommand {
        @Parameters(paramLabel = "FILE", description = "The set's descriptor; its objects lie beside it.")
        private Path file;

        @Override
        void run(ApiClient client) throws CommandException {
            var upload = SetUpload.read(file);
            tell(
                    this,
                    client.send("POST", SETS, upload.contentType(), upload.body())
                            .orElseThrow(),
                    "loaded");
        }
    }

    /** Uploads another version of a loaded set. */
    @Command(
            name = "replace",
            description = "Put another version of a loaded set in its place; maps that have not changed stay.",
            footer = {"", "Examples:", "  vertebra set replace latency.yaml"})
    static final class Replace extends RemoteCommand {
        @Parameters(paramLabel = "FILE", description = "The new version's descriptor, with the same set name.")
        private Path file;

        @Override
        void run(ApiClient client) throws CommandException {
            var upload = SetUpload.read(file);
            var path = SETS + "/" + ApiClient.encoded(upload.name());
            tell(
                    this,
                    client.send("PUT", path, upload.contentType(), upload.body(), "if-match", "*")
                            .orElseThrow(),
                    "replaced");
        }
    }

    /** Unloads a set. */
    @Command(
            name = "unload",
            description = "Detach a set's codelets, drain their records, and forget the set.",
            footer = {"", "Examples:", "  vertebra set unload request-latency"})
    static final class Unload extends RemoteCommand {
        @Parameters(paramLabel = "SET", description = "The set's name.")
        private String set;

        @Override
        void run(ApiClient client) throws CommandException {
            client.send("DELETE", SETS + "/" + ApiClient.encoded(set), new JsonObject());
            tell(this, new JsonObject().put("name", set).put("state", "unloaded"), "unloaded");
        }
    }

    /** Detaches a set's codelets. */
    @Command(
            name = "disable",
            description = "Let hooks go of a set's codelets; its maps stay.",
            footer = {"", "Examples:", "  vertebra set disable request-latency"})
    static final class Disable extends RemoteCommand {
        @Parameters(paramLabel = "SET", description = "The set's name.")
        private String set;

        @Override
        void run(ApiClient client) throws CommandException {
            tell(this, change(client, set, "disable"), "disabled");
        }
    }

    /** Attaches a disabled set's codelets again. */
    @Command(
            name = "enable",
            description = "Attach the codelets of a disabled set again.",
            footer = {"", "Examples:", "  vertebra set enable request-latency"})
    static final class Enable extends RemoteCommand {
        @Parameters(paramLabel = "SET", description = "The set's name.")
        private String set;

        @Override
        void run(ApiClient client) throws CommandException {
            tell(this, change(client, set, "enable"), "enabled");
        }
    }

    /** Shows all sets. */
    @Command(
            name = "list",
            description = "List the loaded sets.",
            footer = {"", "Examples:", "  vertebra set list", "  vertebra -j set list"})
    static final class List extends RemoteCommand {
        @Mixin
        private Members members;

        @Override
        void run(ApiClient client) throws CommandException {
            var sets = client.list(members.path(SETS));
            if (output().json()) {
                output().print(out(), sets);
            } else {
                sets.forEach(set -> print(text((JsonObject) set)));
            }
        }
    }

    /** Shows one set. */
    @Command(
            name = "show",
            description = "Show one loaded set.",
            footer = {"", "Examples:", "  vertebra set show request-latency"})
    static final class Show extends RemoteCommand {
        @Parameters(paramLabel = "SET", description = "The set's name.")
        private String set;

        @Override
        void run(ApiClient client) throws CommandException {
            var found = client.get(SETS + "/" + ApiClient.encoded(set));
            if (output().json()) {
                output().print(out(), found);
            } else {
                print(text(found));
            }
        }
    }

    private static JsonObject change(ApiClient client, String set, String what) throws CommandException {
        return client.send("POST", SETS + "/" + ApiClient.encoded(set) + "/" + what, new JsonObject())
                .orElseThrow();
    }

    private static void tell(RemoteCommand command, JsonObject set, String what) {
        if (command.output().json()) {
            command.output().print(command.out(), set);
        } else {
            command.print("set " + set.getString("name") + " " + what + "\n");
        }
    }

    private static String text(JsonObject set) {
        var text = new StringBuilder(set.getString("name") + ": " + Members.stateOf(set) + Members.of(set) + "\n");
        for (var element : set.getJsonArray("codelets")) {
            var codelet = (JsonObject) element;
            text.append("        codelet ")
                    .append(codelet.getString("name"))
                    .append("  hook ")
                    .append(codelet.getString("hook"))
                    .append("  ")
                    .append(codelet.getString("execution"))
                    .append("  run_cnt ")
                    .append(codelet.getLong("runs"))
                    .append("\n");
        }
        names(
                text,
                "maps",
                set.getJsonArray("maps").stream().map(String::valueOf).collect(Collectors.joining(",")));
        names(text, "streams", named(set.getJsonArray("streams")));
        return text.toString();
    }

    private static String named(JsonArray elements) {
        return elements.stream().map(e -> ((JsonObject) e).getString("name")).collect(Collectors.joining(","));
    }

    private static void names(StringBuilder text, String what, String names) {
        if (!names.isEmpty()) {
            text.append("        ").append(what).append(' ').append(names).append('\n');
        }
    }
}

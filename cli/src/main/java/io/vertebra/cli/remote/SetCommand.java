package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
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
            SetCommand.Show.class,
            SignCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  vertebra set load latency.yaml       with its objects",
            "  vertebra set replace latency.yaml    unchanged maps stay",
            "  vertebra set list",
            "  vertebra set unload request-latency"
        })
public final class SetCommand {

    private static final String SETS = "codelet-sets";

    private SetCommand() {}

    /** What is done with a descriptor and its objects. */
    abstract static class OfFile extends RemoteCommand {
        @Parameters(paramLabel = "FILE", description = "The set's descriptor; its objects are sent too.")
        private Path file;

        @Override
        protected void run(ApiClient client) throws CommandException {
            tell(this, send(client, SetUpload.read(file)).orElseThrow(), done());
        }

        abstract Optional<JsonObject> send(ApiClient client, SetUpload upload) throws CommandException;

        /** What has happened to the set then. */
        abstract String done();
    }

    /** Uploads a set that is not loaded. */
    @Command(
            name = "load",
            description = "Verify and attach a codelet set, whole or not at all.",
            footer = {"", "Examples:", "  vertebra set load latency.yaml"})
    static final class Load extends OfFile {
        @Override
        Optional<JsonObject> send(ApiClient client, SetUpload upload) throws CommandException {
            return client.send("POST", SETS, upload.contentType(), upload.body());
        }

        @Override
        String done() {
            return "loaded";
        }
    }

    /** Uploads another version of a loaded set. */
    @Command(
            name = "replace",
            description = "Put another version of a loaded set in its place; maps that have not changed stay.",
            footer = {"", "Examples:", "  vertebra set replace latency.yaml"})
    static final class Replace extends OfFile {
        @Override
        Optional<JsonObject> send(ApiClient client, SetUpload upload) throws CommandException {
            return client.send("PUT", path(upload.name()), upload.contentType(), upload.body(), "if-match", "*");
        }

        @Override
        String done() {
            return "replaced";
        }
    }

    /** What is done with a loaded set. */
    abstract static class OfSet extends RemoteCommand {
        @Parameters(paramLabel = "SET", description = "The set's name.")
        private String set;

        @Override
        protected void run(ApiClient client) throws CommandException {
            run(client, set);
        }

        abstract void run(ApiClient client, String set) throws CommandException;
    }

    /** Unloads a set. */
    @Command(
            name = "unload",
            description = "Detach a set's codelets, drain their records, and forget the set.",
            footer = {"", "Examples:", "  vertebra set unload request-latency"})
    static final class Unload extends OfSet {
        @Override
        void run(ApiClient client, String set) throws CommandException {
            client.send("DELETE", path(set), new JsonObject());
            tell(this, new JsonObject().put("name", set).put("state", "unloaded"), "unloaded");
        }
    }

    /** Detaches a set's codelets. */
    @Command(
            name = "disable",
            description = "Let hooks go of a set's codelets; its maps stay.",
            footer = {"", "Examples:", "  vertebra set disable request-latency"})
    static final class Disable extends OfSet {
        @Override
        void run(ApiClient client, String set) throws CommandException {
            var changed = client.send("POST", path(set) + "/disable", new JsonObject());
            tell(this, changed.orElseThrow(), "disabled");
        }
    }

    /** Attaches a disabled set's codelets again. */
    @Command(
            name = "enable",
            description = "Attach the codelets of a disabled set again.",
            footer = {"", "Examples:", "  vertebra set enable request-latency"})
    static final class Enable extends OfSet {
        @Override
        void run(ApiClient client, String set) throws CommandException {
            var changed = client.send("POST", path(set) + "/enable", new JsonObject());
            tell(this, changed.orElseThrow(), "enabled");
        }
    }

    /** Shows all sets. */
    @Command(
            name = "list",
            description = "List the loaded sets.",
            footer = {"", "Examples:", "  vertebra set list", "  vertebra -j set list"})
    static final class List extends ListCommand {
        @Mixin
        private Members members;

        List() {
            super(SETS, SetCommand::text);
        }

        @Override
        String path(String list) {
            return members.path(list);
        }
    }

    /** Shows one set. */
    @Command(
            name = "show",
            description = "Show one loaded set.",
            footer = {"", "Examples:", "  vertebra set show request-latency"})
    static final class Show extends OfSet {
        @Override
        void run(ApiClient client, String set) throws CommandException {
            var found = client.get(path(set));
            if (output().json()) {
                output().print(out(), found);
            } else {
                print(text(found));
            }
        }
    }

    private static String path(String set) {
        return SETS + "/" + ApiClient.encoded(set);
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

package io.vertebra.cli.option;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Options of the whole command that say how it prints: as text, or as JSON. They may stand before and after its name. */
public final class Output {

    private static final String NAME = "output";

    @Option(
            names = {"-j", "--json"},
            scope = ScopeType.INHERIT,
            description = "Print JSON, errors too.")
    private boolean json;

    @Option(
            names = {"-p", "--pretty"},
            scope = ScopeType.INHERIT,
            description = "Print JSON for people.")
    private boolean pretty;

    private Supplier<Terminal> terminal = () -> Terminal.NONE;

    /** Says where everything is printed; asked only by what prints differently there. */
    public void on(Supplier<Terminal> its) {
        terminal = its;
    }

    /** Where everything is printed. */
    public Terminal terminal() {
        return terminal.get();
    }

    /** The options that a command was given. */
    public static Output of(CommandSpec command) {
        return (Output) command.root().mixins().get(NAME).userObject();
    }

    /** Whether JSON is wanted. */
    public boolean json() {
        return json || pretty;
    }

    /** Prints one JSON document. */
    public void print(PrintWriter out, JsonObject document) {
        out.println(pretty ? document.encodePrettily() : document.encode());
    }

    /** Prints one JSON document. */
    public void print(PrintWriter out, JsonArray document) {
        out.println(pretty ? document.encodePrettily() : document.encode());
    }

    /** Text that came from a file, without what would steer a terminal. */
    public static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\n\t]]", "?");
    }

    /**
     * Prints a failure.
     *
     * @param below what may help, or a report: lines of their own; may be empty
     * @param members what stands beside the sentence in JSON
     * @param arguments the command line: even one that was not understood may say that it wants JSON
     */
    public static void printError(
            PrintWriter err, String sentence, String below, JsonObject members, String... arguments) {
        if (Arrays.stream(arguments).anyMatch(a -> a.matches("-[jp]+|--json|--pretty"))) {
            err.println(new JsonObject().put("error", sentence).mergeIn(members).encode());
            return;
        }
        err.println("Error: " + printable(sentence));
        if (!below.isEmpty()) {
            err.println(printable(below));
        }
    }
}

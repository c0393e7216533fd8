package io.vertebra.cli.option;

import io.vertx.core.json.JsonObject;

/** What a command could not do, in one sentence for whoever typed it, and maybe a report below it. */
public final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String report;
    private final transient JsonObject members;

    /** A failure with its sentence. */
    public CommandException(String message) {
        this(message, "", new JsonObject());
    }

    /** A failure with its sentence. */
    public CommandException(String message, Throwable cause) {
        this(message);
        initCause(cause);
    }

    /**
     * A failure with a report.
     *
     * @param report lines of text that stand below the sentence; may be empty
     * @param members what stands beside the sentence in JSON
     */
    public CommandException(String message, String report, JsonObject members) {
        super(message);
        this.report = report;
        this.members = members;
    }

    /** Lines of text below the sentence; may be empty. */
    public String report() {
        return report;
    }

    /** What stands beside the sentence in JSON. */
    public JsonObject members() {
        return members;
    }
}

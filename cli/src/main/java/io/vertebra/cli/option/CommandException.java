package io.vertebra.cli.option;

/** What a command could not do, in one sentence for whoever typed it. */
public final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    /** A failure with its sentence. */
    public CommandException(String message) {
        super(message);
    }

    /** A failure with its sentence. */
    public CommandException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.vertebra.verticles;

/** Why Vertebra did not start; the message is one sentence for the user, and nothing was left running. */
public final class StartException extends Exception {

    private static final long serialVersionUID = 1L;

    /** A failure with its sentence. */
    public StartException(String message, Throwable cause) {
        super(message, cause);
    }
}

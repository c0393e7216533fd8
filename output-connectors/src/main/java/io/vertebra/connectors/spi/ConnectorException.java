package io.vertebra.connectors.spi;

/** A destination that cannot be used; the message is one sentence for the operator. */
public final class ConnectorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** A failure with its sentence. */
    public ConnectorException(String message) {
        super(message);
    }

    /** A failure with its sentence and what it was seen as. */
    public ConnectorException(String message, Throwable cause) {
        super(message, cause);
    }
}

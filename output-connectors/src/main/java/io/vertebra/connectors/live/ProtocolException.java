package io.vertebra.connectors.live;

/** A message that cannot be followed; becomes an error frame. */
final class ProtocolException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int id;

    /** {@code id} is the subscription's, or -1 when the message names none. */
    ProtocolException(int id, String message) {
        super(message, null, false, false);
        this.id = id;
    }

    int id() {
        return id;
    }
}

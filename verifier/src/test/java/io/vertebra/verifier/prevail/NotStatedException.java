package io.vertebra.verifier.prevail;

/** A case that cannot be said in terms of our verifier; the message says what of it. */
final class NotStatedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotStatedException(String reason) {
        super(reason);
    }
}

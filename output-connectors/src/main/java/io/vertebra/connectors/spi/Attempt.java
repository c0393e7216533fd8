package io.vertebra.connectors.spi;

/**
 * The sends of one stream until records of it have to come again. What is sent after those, in the same attempt, has to come
 * again too: else it would arrive before them. Thread-safe.
 */
public final class Attempt {

    private final String stream;
    private volatile boolean failed;

    /** A stream's next attempt. */
    public Attempt(String stream) {
        this.stream = stream;
    }

    /** Whose records are sent. */
    public String stream() {
        return stream;
    }

    /** Records have to come again. */
    public void fail() {
        failed = true;
    }

    /** Whether nothing more may arrive in this attempt. */
    public boolean failed() {
        return failed;
    }
}

package io.vertebra.connectors.live;

import java.util.Locale;

/** Why the server closes a client's connection. */
public enum CloseCause {
    /** There are as many clients as allowed. */
    TOO_MANY_CLIENTS(1013, "too many clients"),
    /** Its socket has taken nothing for long. */
    STUCK(1006, "reads too slowly"),
    /** It has not answered pings for long. */
    SILENT(1006, "does not answer"),
    /** It sends more than it may. */
    TOO_MANY_MESSAGES(1008, "too many messages: at most 100 a second, 1000 at once"),
    /** It has sent a message that is no text. */
    NOT_TEXT(1003, "text messages only"),
    /** It has sent a message that is too long. */
    TOO_LARGE(1009, "message: at most 65536 bytes"),
    /** The server stops. */
    STOPPED(1001, "server stops");

    private final short code;
    private final String text;

    CloseCause(int code, String text) {
        this.code = (short) code;
        this.text = text;
    }

    /** The name in metrics and JSON: {@code too_many_clients}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The status code that the client gets if it reads (RFC 6455 section 7.4 and its IANA registry); 1006 when its connection
     * just ends.
     */
    public short code() {
        return code;
    }

    /** The reason that the client gets with it. */
    public String text() {
        return text;
    }
}

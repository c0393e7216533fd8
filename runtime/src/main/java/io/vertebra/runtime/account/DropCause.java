package io.vertebra.runtime.account;

import java.util.Locale;

/** Why an event or a record did not reach its end. Every drop has exactly one cause; nothing is lost silently. */
public enum DropCause {
    /** The core's event ring had no room. */
    RING_FULL,
    /** The event is larger than a ring record may be. */
    PAYLOAD_TOO_LARGE,
    /** All inline execution slots were in use. */
    NO_SLOT,
    /** The set's {@code events_per_second} limit shed it. */
    RATE_LIMITED,
    /** The codelet was detached while the event waited. */
    DETACHED,
    /** The runtime stopped before the event or record was handled. */
    STOPPED,
    /** The output ring buffer had no room for the record. */
    OUTPUT_FULL,
    /** The connector's queue had no room. */
    CONNECTOR_FULL,
    /** The connector gave the record up: its destination refused it or did not answer in time. */
    CONNECTOR_FAILED,
    /** The WebSocket client read too slowly. */
    CLIENT_SLOW,
    /** The WebSocket client ended its subscription, or went, before it had the record. */
    CLIENT_LEFT,
    /** The stream's spool reached its quota, or could not be written. */
    SPOOL_FULL,
    /** The process was killed before the record was in its stream's spool; the next one counts it. */
    LOST_IN_CRASH;

    /** The name in metrics, JSON and text: {@code ring_full}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

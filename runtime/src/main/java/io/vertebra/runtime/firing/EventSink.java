package io.vertebra.runtime.firing;

/**
 * Where a hook's queued events go: one table of attached codelets with the rings of all cores. Called by generated code
 * in the order of the methods below, with no call between {@link #claim} and what must follow it that could leave the
 * ring in disorder when the stack ends.
 */
public interface EventSink {

    /** {@link #claim}: the event was dropped and counted. */
    int DROPPED = -1;

    /** {@link #claim}: the table was replaced; the event belongs to {@link #successor}. */
    int SUPERSEDED = -2;

    /** The ring of a key: the same key, the same ring. */
    int ring(long key);

    /** The memory of a ring. */
    long[] words(int ring);

    /** Words of the record of an event with a payload of so many bytes. */
    int length(int payload);

    /** What to store at the claimed index when the event must be given up. */
    long discarded(int length);

    /** Claims a record of {@code length} words: its index in {@link #words}, {@link #DROPPED} or {@link #SUPERSEDED}. */
    int claim(int ring, int length, int payload);

    /** The table that took this one's place, null when nothing is attached any more. */
    EventSink successor();

    /** Where the context begins in a claimed record. */
    int context(int index);

    /** Bytes that are kept of a payload. */
    int kept(int payload);

    /** Adds what was captured of the moment and makes the record readable. */
    void commit(int ring, int index, int length);

    /** Wakes the ring's core if it sleeps. */
    void wake(int ring);
}

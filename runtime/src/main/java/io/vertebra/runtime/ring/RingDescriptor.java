package io.vertebra.runtime.ring;

/**
 * Where things lie in the array of an {@link EventRing}; the unit is a word of 8 bytes.
 *
 * <pre>
 *   0                                          capacity
 *   +--------+---------+----------------------+-----------------------------------------+
 *   | record | record  |        free: 0       | pad  tail,cached head  head  state  pad |
 *   +--------+---------+----------------------+-----------------------------------------+
 *
 *   record   +-----------------------------------------------+
 *   header   |  type (bits 62..32)  |  words (bits 31..0)    |   0  not committed
 *            +-----------------------------------------------+  &gt;0  committed
 *   body     |  words - 1 words                              |  &lt;0  negated: discarded, nothing to read
 *            +-----------------------------------------------+
 * </pre>
 *
 * <p>A record never wraps: what is left before the end is filled by a discarded record of type 0.
 */
final class RingDescriptor {

    /** The consumer finds the ring worth looking at, or is looking. */
    static final long AWAKE = 0;

    /** The consumer waits to be woken. */
    static final long PARKED = 1;

    /** Type of the filler before the end. */
    static final int FILLER = 0;

    private static final int LINES_APART = 32; // words: four cache lines, so that no prefetcher joins neighbours

    private RingDescriptor() {}

    /** Words of the array of a ring. */
    static int arrayLength(int capacity) {
        return capacity + 4 * LINES_APART;
    }

    /** Index of the next free position, which producers advance. */
    static int tail(int capacity) {
        return capacity + LINES_APART;
    }

    /** Index of the head as producers last saw it; on the tail's line, since both are theirs. */
    static int cachedHead(int capacity) {
        return tail(capacity) + 1;
    }

    /** Index of the position that the consumer reads next. */
    static int head(int capacity) {
        return capacity + 2 * LINES_APART;
    }

    /** Index of AWAKE or PARKED. */
    static int state(int capacity) {
        return capacity + 3 * LINES_APART;
    }

    /** The header of a committed record. */
    static long header(int type, int words) {
        return (long) type << 32 | words;
    }

    /** The type in a header. */
    static int type(long header) {
        return (int) (Math.abs(header) >>> 32);
    }

    /** The words in a header, the header's own included. */
    static int words(long header) {
        return (int) Math.abs(header);
    }
}

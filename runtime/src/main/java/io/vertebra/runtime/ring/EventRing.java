package io.vertebra.runtime.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A bounded queue of variable-length records in one {@code long[]}: any number of producers, one consumer (architecture
 * decision 15). Publishing neither allocates nor throws, and it stays sound when the producer's stack ends in the
 * middle: after the compare-and-set that claims a record, {@link #claim} makes no call, so its caller always learns the
 * index and can give the record up with one array store.
 *
 * <p>{@link #read}, {@link #park} and {@link #unpark} belong to the consumer; everything else may be called by anyone.
 */
public final class EventRing {

    /** What {@link #claim} returns when the consumer has to catch up first. */
    public static final int INSUFFICIENT_CAPACITY = -1;

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final int capacity;
    private final int mask;
    private final int tailIndex;
    private final int cachedHeadIndex;
    private final int headIndex;
    private final int stateIndex;
    private final long[] words;
    private final MemorySegment segment;

    /**
     * An empty ring.
     *
     * @param bytes capacity, a power of two of at least 64
     */
    public EventRing(int bytes) {
        if (bytes < 64 || Integer.bitCount(bytes) != 1) {
            throw new IllegalArgumentException("ring: " + bytes + " bytes, allowed is a power of two of at least 64");
        }
        capacity = bytes / Long.BYTES;
        mask = capacity - 1;
        tailIndex = RingDescriptor.tail(capacity);
        cachedHeadIndex = RingDescriptor.cachedHead(capacity);
        headIndex = RingDescriptor.head(capacity);
        stateIndex = RingDescriptor.state(capacity);
        words = new long[RingDescriptor.arrayLength(capacity)];
        segment = MemorySegment.ofArray(words);
    }

    /** The memory that claimed records are written to and handled records are read from. */
    public long[] words() {
        return words;
    }

    /** The same memory as a segment. */
    public MemorySegment segment() {
        return segment;
    }

    /** Bytes of all records that fit at once. */
    public long capacityBytes() {
        return (long) capacity * Long.BYTES;
    }

    /** Bytes that records take now, claimed ones included. */
    public long usedBytes() {
        long head = (long) WORD.getVolatile(words, headIndex);
        long tail = (long) WORD.getVolatile(words, tailIndex);
        return Math.max(0, tail - head) * Long.BYTES;
    }

    /** Words of the longest record, header included: a quarter of the ring, so that the filler costs little. */
    public int maxRecordWords() {
        return capacity / 4;
    }

    /**
     * Claims room for a record. The caller must then {@link #commit} it or store {@link #discarded} at the index:
     * until then, the consumer waits there.
     *
     * @param length words, header included, 1 to {@link #maxRecordWords}
     * @return the index of the header, or {@link #INSUFFICIENT_CAPACITY}
     */
    public int claim(int length) {
        while (true) {
            long tail = (long) WORD.getVolatile(words, tailIndex);
            int index = (int) tail & mask;
            int toEnd = capacity - index;
            int filler = length > toEnd ? toEnd : 0;
            long end = tail + filler + length;
            if (end - (long) WORD.getOpaque(words, cachedHeadIndex) > capacity) {
                long head = (long) WORD.getAcquire(words, headIndex);
                if (end - head > capacity) {
                    return INSUFFICIENT_CAPACITY;
                }
                WORD.setOpaque(words, cachedHeadIndex, head);
            }
            if (WORD.compareAndSet(words, tailIndex, tail, end)) {
                if (filler == 0) {
                    return index;
                }
                words[index] = -filler; // a plain store, not a call; the commit that follows publishes it
                return 0;
            }
        }
    }

    /**
     * Makes a claimed record readable.
     *
     * @param index as {@link #claim} gave it
     * @param length as it was claimed
     * @param type 1 to 2^31 - 1, handed to the consumer
     */
    public void commit(int index, int length, int type) {
        WORD.setRelease(words, index, RingDescriptor.header(type, length));
    }

    /** The header that gives a claimed record up; an ordinary array store at its index is enough. */
    public static long discarded(int length, int type) {
        return -RingDescriptor.header(type, length);
    }

    /**
     * Whether the caller, who has just committed a record, must wake the consumer: true for exactly one producer after
     * each {@link #park}. No fence is needed before: {@link #park} goes through the tail, so whoever has claimed after it sees it,
     * and a claim before it makes it fail.
     */
    public boolean mustWake() {
        return (long) WORD.getVolatile(words, stateIndex) == RingDescriptor.PARKED
                && WORD.compareAndSet(words, stateIndex, RingDescriptor.PARKED, RingDescriptor.AWAKE);
    }

    /** Takes {@link #mustWake} back after the wake-up failed, so that the next producer tries. Makes no call. */
    public void wakeFailed() {
        words[stateIndex] = RingDescriptor.PARKED;
    }

    /**
     * Hands waiting records to a handler, in the order in which they were claimed.
     *
     * @param limit most records to hand over
     * @return how many were handed over
     */
    public int read(RecordHandler handler, int limit) {
        long start = (long) WORD.getOpaque(words, headIndex);
        long head = start;
        int count = 0;
        try {
            while (count < limit) {
                int index = (int) head & mask;
                long header = (long) WORD.getAcquire(words, index);
                if (header == 0) {
                    break;
                }
                int length = RingDescriptor.words(header);
                int type = RingDescriptor.type(header);
                head += length;
                if (header > 0) {
                    count++;
                    handler.committed(type, index, length);
                } else if (type != RingDescriptor.FILLER) {
                    count++;
                    handler.discarded(type);
                }
                words[index] = 0; // who comes around again, or counts what waits, stops here
            }
        } finally {
            if (head != start) {
                free(start, head);
            }
        }
        return count;
    }

    /** Hands the room of handled records back, all at once: zeros first, which say that nothing is there yet. */
    private void free(long from, long to) {
        int first = (int) from & mask;
        int last = (int) to & mask;
        if (first < last) {
            Arrays.fill(words, first, last, 0);
        } else {
            Arrays.fill(words, first, capacity, 0);
            Arrays.fill(words, 0, last, 0);
        }
        WORD.setRelease(words, headIndex, to);
    }

    /**
     * Announces that the consumer will sleep until a producer wakes it.
     *
     * @return false when a record is there, or has been claimed: the consumer must read again instead of sleeping
     */
    public boolean park() {
        WORD.setVolatile(words, stateIndex, RingDescriptor.PARKED);
        long head = (long) WORD.getOpaque(words, headIndex);
        if (WORD.compareAndSet(words, tailIndex, head, head)) {
            return true;
        }
        unpark();
        return false;
    }

    /** Ends the announcement of {@link #park}: the consumer looks again by itself. */
    public void unpark() {
        if ((long) WORD.getOpaque(words, stateIndex) != RingDescriptor.AWAKE) {
            WORD.setVolatile(words, stateIndex, RingDescriptor.AWAKE);
        }
    }

    /**
     * Walks over what waits and hands out the type of each committed or discarded record. Exact while nobody reads or
     * publishes; otherwise it sees a part of what came and went meanwhile.
     */
    public void forEachWaiting(IntConsumer type) {
        long head = (long) WORD.getVolatile(words, headIndex);
        long tail = (long) WORD.getVolatile(words, tailIndex);
        long position = head;
        while (position < tail) {
            long header = (long) WORD.getAcquire(words, (int) position & mask);
            // The consumer zeroes and producers overwrite only behind the head: what was read ahead of it was a header.
            if (header == 0 || position < (long) WORD.getVolatile(words, headIndex)) {
                return;
            }
            if (RingDescriptor.type(header) != RingDescriptor.FILLER) {
                type.accept(RingDescriptor.type(header));
            }
            position += RingDescriptor.words(header);
        }
    }
}

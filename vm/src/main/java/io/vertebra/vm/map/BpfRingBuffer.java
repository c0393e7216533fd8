package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;

/**
 * RINGBUF: records from many producers, without locks, to one consumer at a time, in the order of reservation.
 *
 * <pre>
 *   position  head (consumer)                         tail (producers, by compare and set)
 *             |                                       |
 *   ring      [header|data..][header|data........][header|....]
 *   header    0 nothing yet | state in the low 2 bits, length above: 1 reserved, 2 submitted, 3 discarded
 * </pre>
 *
 * Records begin at multiples of 8. A producer claims its record with the tail and publishes it with a release store of
 * the header; the consumer polls headers, not the tail, and zeroes what it took, so that old data is never read as a
 * header. A record that would cross the end runs on into a second half of the memory, which stands for the first as
 * Linux maps its data pages twice: records are never split and none is refused for its place.
 *
 * <p>{@code max_entries} is the capacity in bytes, a power of two from 16; each record takes 8 bytes and its length,
 * rounded up to 8. Accounts are exact: {@code submitted = drained + pending}; what found no room is {@link #refused}.
 *
 * <p>Headers lie where a codelet whose proof is wrong can write. The consumer believes none that reaches beyond the tail:
 * it logs that the ring is damaged, and from then on nothing is given out and nothing finds room.
 */
public final class BpfRingBuffer extends BpfMap implements RecordChannel {

    /** Flag of submit, discard and output: do not notify. */
    public static final long NO_WAKEUP = 1;
    /** Flag of submit, discard and output: notify even when the consumer is behind. */
    public static final long FORCE_WAKEUP = 2;

    /** Query: bytes between head and tail. */
    public static final long AVAILABLE = 0;
    /** Query: the capacity. */
    public static final long RING_SIZE = 1;
    /** Query: the head. */
    public static final long CONSUMER_POSITION = 2;
    /** Query: the tail. */
    public static final long PRODUCER_POSITION = 3;

    /** Bytes before a record's data. */
    public static final int HEADER = 8;

    /** The least capacity in bytes. */
    static final int SMALLEST = 16;
    /** The greatest capacity in bytes. */
    static final int LARGEST = 1 << 30;

    private static final int STATE = 3;
    private static final int RESERVED = 1;
    private static final int SUBMITTED = 2;
    private static final int DISCARDED = 3;

    private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    /** Indices of the cursors in their array, each alone on its cache lines. */
    private static final int TAIL = 16;

    private static final int HEAD = 32;

    /** A head so far behind any tail that there is no room. */
    private static final long DAMAGED = Long.MIN_VALUE / 2;

    private static final System.Logger LOGGER = System.getLogger("io.vertebra.map");
    private static final Runnable NOBODY = () -> {};

    private final int capacity;
    private final long[] ring;
    private final MemorySegment values;
    private final long[] cursors = new long[48];
    private final LongAdder submitted = new LongAdder();
    private final LongAdder discarded = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile Runnable notifier = NOBODY;
    /** Counts submits elsewhere; null for nowhere. */
    private MemorySegment counter;
    /** The consumer's: the tail when it last looked, and the records that it took. */
    private long knownTail;

    private final LongAdder drained = new LongAdder();

    BpfRingBuffer(MapSpec spec) {
        super(spec);
        Sizes.noKey(spec);
        capacity = spec.maxEntries();
        if (capacity < SMALLEST || capacity > LARGEST || Integer.bitCount(capacity) != 1) {
            throw Sizes.wrong(
                    spec,
                    "max_entries=" + Integer.toUnsignedLong(capacity),
                    "a power of two in [" + SMALLEST + ", " + LARGEST + "], the ring's bytes");
        }
        ring = new long[capacity / 4];
        values = MemorySegment.ofArray(ring);
    }

    // ---- codelet side ----

    @Override
    public MemorySegment values() {
        return values;
    }

    /**
     * Claims room for a record.
     *
     * @return the offset of its data in {@link #values}, to be given to {@link #submit} or {@link #discard}; {@link
     *     BpfMap#NOT_FOUND} when there is no room now (counted as refused)
     */
    public long reserve(long size) {
        if (size < 0 || size > capacity - HEADER) {
            refused.increment();
            return NOT_FOUND;
        }
        long need = HEADER + ((size + 7) & -8L);
        long tail;
        do {
            tail = (long) LONGS.getVolatile(cursors, TAIL);
            if (tail + need - (long) LONGS.getAcquire(cursors, HEAD) > capacity) {
                refused.increment();
                return NOT_FOUND;
            }
        } while (!LONGS.compareAndSet(cursors, TAIL, tail, tail + need));
        int header = index(tail);
        LONGS.setRelease(ring, header, size << 2 | RESERVED);
        return (header + 1) * 8L;
    }

    /** The length of a reserved record, from the offset of its data. */
    public int recordLength(long dataOffset) {
        return (int) (ring[(int) (dataOffset / 8) - 1] >>> 2);
    }

    /** Hands a reserved record to the consumer; for the flags see {@link #validFlags}. */
    public void submit(long dataOffset, long flags) {
        submitted.increment();
        if (counter != null) {
            COUNT.getAndAdd(counter, 0L, 1L);
        }
        commit(dataOffset, SUBMITTED, flags);
    }

    /** Gives a reserved record back: the consumer skips it. */
    public void discard(long dataOffset, long flags) {
        discarded.increment();
        commit(dataOffset, DISCARDED, flags);
    }

    /** Copies a record and submits it: 0, {@link Errno#EAGAIN} without room, {@link Errno#EINVAL} for flags. */
    public long output(MemorySegment data, long offset, long size, long flags) {
        if (!validFlags(flags)) {
            return Errno.EINVAL;
        }
        long record = reserve(size);
        if (record < 0) {
            return Errno.EAGAIN;
        }
        MemorySegment.copy(data, offset, values, record, size);
        submit(record, flags);
        return 0;
    }

    /** Helper 134: one of {@link #AVAILABLE} and the following constants; 0 for others. */
    public long query(long what) {
        long head = (long) LONGS.getVolatile(cursors, HEAD);
        long tail = (long) LONGS.getVolatile(cursors, TAIL);
        if (what == AVAILABLE) {
            return tail - head;
        }
        if (what == RING_SIZE) {
            return capacity;
        }
        return what == CONSUMER_POSITION ? head : what == PRODUCER_POSITION ? tail : 0;
    }

    /** Whether flags are made of {@link #NO_WAKEUP} and {@link #FORCE_WAKEUP}. */
    public static boolean validFlags(long flags) {
        return (flags & ~(NO_WAKEUP | FORCE_WAKEUP)) == 0;
    }

    private void commit(long dataOffset, int state, long flags) {
        int header = (int) (dataOffset / 8) - 1;
        // Volatile: the consumer either sees this header before it sleeps, or we see the head that it stopped at.
        LONGS.setVolatile(ring, header, (ring[header] & ~(long) STATE) | state);
        boolean consumerIsHere = index((long) LONGS.getVolatile(cursors, HEAD)) == header;
        if ((flags & FORCE_WAKEUP) != 0 || ((flags & NO_WAKEUP) == 0 && consumerIsHere)) {
            notifier.run();
        }
    }

    private int index(long position) {
        return (int) (position & (capacity - 1)) / 8;
    }

    // ---- consumer ----

    @Override
    public int drain(RecordConsumer consumer, int limit) {
        long head = (long) LONGS.getAcquire(cursors, HEAD);
        if (head == DAMAGED) {
            return 0;
        }
        int count = 0;
        try {
            while (count < limit) {
                int at = index(head);
                long header = (long) LONGS.getAcquire(ring, at);
                int state = (int) header & STATE;
                if (state != SUBMITTED && state != DISCARDED) {
                    break;
                }
                long bytes = HEADER + (((header >>> 2) + 7) & -8L);
                if (!isClaimed(head + bytes)) {
                    LOGGER.log(System.Logger.Level.ERROR, damage(header >>> 2));
                    head = DAMAGED;
                    break;
                }
                try {
                    if (state == SUBMITTED) {
                        count++;
                        consumer.record(values, (at + 1) * 8L, (int) (header >>> 2));
                    }
                } finally {
                    Arrays.fill(ring, at, at + (int) (bytes / 8), 0);
                    head += bytes;
                }
            }
        } finally {
            drained.add(count);
            LONGS.setVolatile(cursors, HEAD, head);
        }
        return count;
    }

    /** Whether the tail has gone as far as a position; the producers' cache line is only read when it has to be. */
    private boolean isClaimed(long position) {
        if (position > knownTail) {
            knownTail = (long) LONGS.getAcquire(cursors, TAIL);
        }
        return position <= knownTail;
    }

    private String damage(long length) {
        return "ring `" + spec().name() + "`: a record's header was overwritten: length=" + length + ", capacity="
                + capacity + "; it gives no more records, load its codelet set anew";
    }

    @Override
    public boolean ready() {
        long head = (long) LONGS.getVolatile(cursors, HEAD);
        return head != DAMAGED && ((long) LONGS.getVolatile(ring, index(head)) & STATE) > RESERVED;
    }

    @Override
    public void onSubmit(Runnable notifier) {
        this.notifier = notifier;
    }

    // ---- accounts ----

    @Override
    public void countInto(MemorySegment elsewhere) {
        counter = elsewhere;
    }

    @Override
    public long submitted() {
        return submitted.sum();
    }

    @Override
    public long discarded() {
        return discarded.sum();
    }

    @Override
    public long refused() {
        return refused.sum();
    }

    @Override
    public long pending() {
        long position = (long) LONGS.getVolatile(cursors, HEAD);
        if (position == DAMAGED) {
            return submitted.sum() - drained.sum();
        }
        long tail = (long) LONGS.getVolatile(cursors, TAIL);
        long count = 0;
        while (position < tail) {
            long header = (long) LONGS.getAcquire(ring, index(position));
            int state = (int) header & STATE;
            if (state == 0) {
                break;
            }
            count += state == SUBMITTED ? 1 : 0;
            position += HEADER + (((header >>> 2) + 7) & -8L);
        }
        return count;
    }

    /** The same as {@link #pending}. */
    @Override
    public long size() {
        return pending();
    }
}

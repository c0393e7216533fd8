package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ToLongFunction;

/**
 * PERF_EVENT_ARRAY: records of each execution slot in a ring buffer of its own, without locks, to one consumer at a time;
 * the records of one slot stay in order.
 *
 * <p>A slot's ring is made when its first record comes. In Linux whoever consumes decides how large the buffers are and
 * {@code max_entries} is the number of CPUs; here a ring has {@value #RING_BYTES} bytes and {@code max_entries} only
 * limits the indices that flags may name, with 0 standing for all slots.
 */
public final class BpfPerfEventArray extends BpfMap implements RecordChannel {

    /** The low half of the flags of {@link #output}: the ring of the slot that executes. */
    public static final long CURRENT_CPU = 0xffff_ffffL;

    /** Bytes of one slot's ring. */
    static final int RING_BYTES = 1 << 16;

    private static final Runnable NOBODY = () -> {};

    private final long entries;
    private final MapSpec ringSpec;
    private final AtomicReferenceArray<BpfRingBuffer> rings;
    private volatile Runnable notifier = NOBODY;
    private volatile MemorySegment counter;
    /** Where the next drain begins, so that a busy slot does not keep others waiting; the consumer's own. */
    private int first;

    BpfPerfEventArray(MapSpec spec, int slots) {
        super(spec);
        if (spec.keySize() != 4 || spec.valueSize() != 4) {
            throw Sizes.wrong(spec, "key_size=" + spec.keySize() + ", value_size=" + spec.valueSize(), "4 and 4");
        }
        entries = spec.maxEntries() == 0 ? slots : Integer.toUnsignedLong(spec.maxEntries());
        ringSpec = MapSpec.of(spec.name(), MapType.RINGBUF, 0, 0, RING_BYTES);
        rings = new AtomicReferenceArray<>(slots);
    }

    /** Bytes of memory when all slots have put something out. */
    static double bytes(int slots) {
        return 2.0 * RING_BYTES * slots;
    }

    @Override
    public long memoryBytes() {
        return (long) bytes(rings.length());
    }

    // ---- codelet side ----

    /**
     * Copies a record into the ring of a slot (helper 25).
     *
     * @param slot the execution slot of the run
     * @param flags {@link #CURRENT_CPU}, or the same slot as an index
     * @return 0, or {@link Errno#EINVAL} for other flags, {@link Errno#E2BIG} for an index beyond {@code max_entries},
     *     {@link Errno#EOPNOTSUPP} for the index of another slot, {@link Errno#EAGAIN} without room
     */
    public long output(int slot, MemorySegment data, long offset, long size, long flags) {
        if ((flags & ~CURRENT_CPU) != 0) {
            return Errno.EINVAL;
        }
        if (flags != CURRENT_CPU && flags >= entries) {
            return Errno.E2BIG;
        }
        if (flags != CURRENT_CPU && flags != slot) {
            return Errno.EOPNOTSUPP;
        }
        return ring(slot).output(data, offset, size, 0);
    }

    private BpfRingBuffer ring(int slot) {
        var ring = rings.get(slot);
        if (ring != null) {
            return ring;
        }
        var made = new BpfRingBuffer(ringSpec);
        made.onSubmit(() -> notifier.run());
        made.countInto(counter);
        return rings.compareAndSet(slot, null, made) ? made : rings.get(slot);
    }

    // ---- consumer ----

    @Override
    public int drain(RecordConsumer consumer, int limit) {
        int drained = 0;
        int start = first;
        for (int i = 0; i < rings.length() && drained < limit; i++) {
            int slot = (start + i) % rings.length();
            var ring = rings.get(slot);
            if (ring != null) {
                first = (slot + 1) % rings.length();
                drained += ring.drain(consumer, limit - drained);
            }
        }
        return drained;
    }

    @Override
    public boolean ready() {
        for (int slot = 0; slot < rings.length(); slot++) {
            var ring = rings.get(slot);
            if (ring != null && ring.ready()) {
                return true;
            }
        }
        return false;
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
        return sum(BpfRingBuffer::submitted);
    }

    @Override
    public long discarded() {
        return sum(BpfRingBuffer::discarded);
    }

    @Override
    public long refused() {
        return sum(BpfRingBuffer::refused);
    }

    @Override
    public long pending() {
        return sum(BpfRingBuffer::pending);
    }

    /** The same as {@link #pending}. */
    @Override
    public long size() {
        return pending();
    }

    private long sum(ToLongFunction<BpfRingBuffer> account) {
        long sum = 0;
        for (int slot = 0; slot < rings.length(); slot++) {
            var ring = rings.get(slot);
            sum += ring == null ? 0 : account.applyAsLong(ring);
        }
        return sum;
    }
}

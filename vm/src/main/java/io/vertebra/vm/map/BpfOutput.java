package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * JBPF_RINGBUF and JBPF_OUTPUT: records of {@code value_size} bytes each from any execution slot, without locks, to one
 * consumer at a time, in the order in which they were put out. There is room for {@code max_entries} records at least.
 *
 * <p>A record of JBPF_RINGBUF is copied ({@link #output}); where it is shorter, zeros follow. A record of JBPF_OUTPUT is
 * filled in place: each slot has a buffer that {@link #reserve} gives, the same until it was sent with {@link #send}. That
 * holds over the end of a run, however it ends: what was reserved and not sent is there for the slot's next run, and no
 * consumer sees it before it is sent. After that the buffer still has the bytes of the record that went out.
 */
public final class BpfOutput extends BpfMap implements RecordChannel {

    /** The buffers of slots begin at multiples of so many bytes, so that cores do not share cache lines. */
    private static final long APART = 128;

    private final BpfRingBuffer ring;
    private final MemorySegment buffers;
    private final long stride;
    private final int slots;
    /** By slot; each is its slot's own. */
    private final boolean[] reserved;

    BpfOutput(MapSpec spec, int slots) {
        super(spec);
        Sizes.entries(spec);
        Sizes.noKey(spec);
        Sizes.value(spec);
        if (ringBytes(spec) > BpfRingBuffer.LARGEST) {
            throw Sizes.wrong(
                    spec,
                    "max_entries=" + spec.maxEntries() + " of " + spec.valueSize() + " bytes",
                    BpfRingBuffer.LARGEST + " bytes in all");
        }
        this.slots = slots;
        ring = new BpfRingBuffer(MapSpec.of(spec.name(), MapType.RINGBUF, 0, spec.valueSize(), (int) ringBytes(spec)));
        stride = slots == 0 ? 0 : stride(spec);
        buffers = MemorySegment.ofArray(Words.allocate(spec, slots, stride));
        reserved = new boolean[slots];
    }

    private static long ringBytes(MapSpec spec) {
        return Math.max(
                BpfRingBuffer.SMALLEST,
                Sizes.powerOfTwo(spec.maxEntries() * (BpfRingBuffer.HEADER + Words.stride(spec.valueSize()))));
    }

    private static long stride(MapSpec spec) {
        return (spec.valueSize() + APART - 1) / APART * APART;
    }

    /** Bytes of memory; sizes must be positive. */
    static double bytes(MapSpec spec, int slots) {
        return 2.0 * ringBytes(spec) + (double) slots * stride(spec);
    }

    // ---- codelet side ----

    @Override
    public MemorySegment values() {
        return buffers;
    }

    @Override
    public long stride() {
        return stride;
    }

    @Override
    public int copies() {
        return Math.max(1, slots);
    }

    /**
     * The buffer of a slot (helper 17).
     *
     * @return its offset in {@link #values}; {@link BpfMap#NOT_FOUND} for a JBPF_RINGBUF
     */
    public long reserve(int slot) {
        if (slots == 0) {
            return NOT_FOUND;
        }
        reserved[Objects.checkIndex(slot, slots)] = true;
        return slot * stride;
    }

    /**
     * Puts out what a slot has reserved (helper 18): 0, {@link Errno#ENOENT} when nothing is reserved, {@link
     * Errno#EAGAIN} without room; then it stays reserved.
     */
    public long send(int slot) {
        if (slots == 0 || !reserved[Objects.checkIndex(slot, slots)]) {
            return Errno.ENOENT;
        }
        long result = ring.output(buffers, slot * stride, spec().valueSize(), 0);
        reserved[slot] = result != 0;
        return result;
    }

    /**
     * Puts out a copy of at most {@code value_size} bytes (helper 12): 0, {@link Errno#E2BIG} for more, {@link
     * Errno#EAGAIN} without room, {@link Errno#EINVAL} for a JBPF_OUTPUT.
     */
    public long output(MemorySegment data, long offset, long size) {
        if (slots != 0) {
            return Errno.EINVAL;
        }
        if (Long.compareUnsigned(size, spec().valueSize()) > 0) {
            return Errno.E2BIG;
        }
        long record = ring.reserve(spec().valueSize());
        if (record < 0) {
            return Errno.EAGAIN;
        }
        // What follows a short record is zero: the ring's consumer zeroes all that it took.
        MemorySegment.copy(data, offset, ring.values(), record, size);
        ring.submit(record, 0);
        return 0;
    }

    // ---- consumer ----

    @Override
    public int drain(RecordConsumer consumer, int limit) {
        return ring.drain(consumer, limit);
    }

    @Override
    public boolean ready() {
        return ring.ready();
    }

    @Override
    public void onSubmit(Runnable notifier) {
        ring.onSubmit(notifier);
    }

    // ---- accounts ----

    @Override
    public void countInto(MemorySegment counter) {
        ring.countInto(counter);
    }

    @Override
    public long submitted() {
        return ring.submitted();
    }

    @Override
    public long discarded() {
        return ring.discarded();
    }

    @Override
    public long refused() {
        return ring.refused();
    }

    @Override
    public long pending() {
        return ring.pending();
    }

    /** The same as {@link #pending}. */
    @Override
    public long size() {
        return pending();
    }
}

package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * USER_RINGBUF: samples from the host, any thread, to codelets, of which one drains at a time; in the order of their
 * offers. The direction opposite to {@link BpfRingBuffer}, with the same memory: {@code max_entries} is the capacity in
 * bytes, a power of two from 16; each sample takes 8 bytes and its length, rounded up to 8.
 *
 * <p>Accounts are exact: {@code offered = drained + pending + refused}.
 */
public final class BpfUserRingBuffer extends BpfMap {

    /** The most samples that one drain hands out ({@code BPF_MAX_USER_RINGBUF_SAMPLES}). */
    public static final int MOST_SAMPLES = 128 * 1024;

    /** The least that a sample takes. */
    private static final int LEAST_BYTES = 8;

    private final BpfRingBuffer ring;
    private final AtomicBoolean draining = new AtomicBoolean();

    BpfUserRingBuffer(MapSpec spec) {
        super(spec);
        ring = new BpfRingBuffer(spec);
    }

    /** The most samples that one drain of such a map hands out: at most as many as the ring holds. */
    public static int mostSamples(MapSpec spec) {
        return Math.min(MOST_SAMPLES, Math.max(0, spec.maxEntries() / LEAST_BYTES));
    }

    // ---- host side ----

    /** Copies a sample into the ring: false, and counted as refused, when there is no room for it now. */
    public boolean offer(byte[] sample) {
        return offer(MemorySegment.ofArray(sample), 0, sample.length);
    }

    /** As {@link #offer(byte[])}, of a part of a segment. */
    public boolean offer(MemorySegment from, long offset, long length) {
        return ring.output(from, offset, length, BpfRingBuffer.NO_WAKEUP) == 0;
    }

    /** Samples that found no room, since the start. */
    public long refused() {
        return ring.refused();
    }

    /** Samples that were taken, since the start; those that codelets have seen and those that wait. */
    public long accepted() {
        return ring.submitted();
    }

    /** Samples that wait: exact while nobody offers or drains. */
    @Override
    public long size() {
        return ring.pending();
    }

    // ---- codelet side ----

    /** What looks at a sample; false to stop after it. */
    @FunctionalInterface
    public interface Visitor {
        /** One sample; its memory is reused after the call. */
        boolean sample(MemorySegment memory, long offset, int length);
    }

    /**
     * Hands samples to a visitor until it stops, none is left, or {@link #mostSamples} were handed out. A sample is gone
     * once the visitor has seen it, also when that throws.
     *
     * @return how many samples the visitor got, or {@link Errno#EBUSY} when another run drains
     */
    public long drain(Visitor visitor) {
        if (!draining.compareAndSet(false, true)) {
            return Errno.EBUSY;
        }
        try {
            boolean[] more = {true};
            int most = mostSamples(spec());
            int seen = 0;
            while (more[0] && seen < most) {
                int one = ring.drain((memory, offset, length) -> more[0] = visitor.sample(memory, offset, length), 1);
                if (one == 0) {
                    break;
                }
                seen++;
            }
            return seen;
        } finally {
            draining.set(false);
        }
    }
}

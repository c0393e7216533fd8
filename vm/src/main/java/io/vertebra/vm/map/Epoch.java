package io.vertebra.vm.map;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Tells when memory that was taken out of a map may be used again: after every run that began before has ended, as
 * read-copy-update does it. Thread-safe.
 *
 * <p>A reader publishes the clock's value when it enters. A map that unlinks an entry takes a {@link #stamp} and may
 * reuse the entry once {@link #oldest} is greater: a reader that entered with a later value entered after the unlinking
 * and cannot have found the entry. Readers never wait; a reader that stays inside delays reuse only.
 */
public final class Epoch {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    /** Index of the published value in a reader's array: a cache line from both ends. */
    private static final int ENTERED = 16;

    private static final AtomicLong CLOCK = new AtomicLong(1);
    private static final ConcurrentLinkedQueue<Reader> IDLE_HOST_READERS = new ConcurrentLinkedQueue<>();

    /** Weak, because an execution slot that is garbage cannot be inside a run. Replaced as a whole under the class lock. */
    private static volatile List<WeakReference<Reader>> readers = List.of();

    private Epoch() {}

    /** One thing that reads maps, one run at a time: an execution slot. Not thread-safe. */
    public static final class Reader {

        private final long[] cell = new long[2 * ENTERED];

        private Reader() {}

        /** Begins a run: whatever a map hands out from now on stays until {@link #leave}. Not to be nested. */
        public void enter() {
            CELL.setOpaque(cell, ENTERED, CLOCK.get());
            VarHandle.fullFence();
        }

        /** Ends the run. */
        public void leave() {
            CELL.setRelease(cell, ENTERED, 0L);
        }

        private long entered() {
            return (long) CELL.getVolatile(cell, ENTERED);
        }
    }

    /** A new reader, outside. */
    public static synchronized Reader register() {
        var reader = new Reader();
        var next = new ArrayList<WeakReference<Reader>>(readers.size() + 1);
        for (var other : readers) {
            if (!other.refersTo(null)) {
                next.add(other);
            }
        }
        next.add(new WeakReference<>(reader));
        readers = List.copyOf(next);
        return reader;
    }

    /** A reader for one operation of the host, entered; give it back with {@link #unpin}. */
    static Reader pin() {
        var reader = IDLE_HOST_READERS.poll();
        if (reader == null) {
            reader = register();
        }
        reader.enter();
        return reader;
    }

    /** Leaves, and keeps the reader for the next operation of the host. */
    static void unpin(Reader reader) {
        reader.leave();
        IDLE_HOST_READERS.add(reader);
    }

    /** Marks this moment; taken after the unlinking. */
    static long stamp() {
        return CLOCK.getAndIncrement();
    }

    /** The value with which the longest running reader entered; what was stamped with less may be used again. */
    static long oldest() {
        long oldest = Long.MAX_VALUE;
        for (var reference : readers) {
            var reader = reference.get();
            long entered = reader == null ? 0 : reader.entered();
            if (entered != 0 && entered < oldest) {
                oldest = entered;
            }
        }
        return oldest;
    }
}

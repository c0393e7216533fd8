package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.firing.InlineSlot;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The slots that inline runs take, one run at a time (architecture decision 14). A thread tries the slot that its id
 * points to, then all others, once. A thread that fires a hook inside an inline run takes another slot, to depth 4.
 */
final class InlineSlots {

    private static final int MAX_DEPTH = 4;
    private static final int ALL = -1;
    private static final long POLL_NANOS = 50_000;

    private static final VarHandle OWNER;
    private static final VarHandle RUNS;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(InlineSlot.class, "owner", long.class);
            RUNS = MethodHandles.lookup().findVarHandle(Slot.class, "runs", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final Slot[] slots;

    /** How many threads hold a slot that is not their usual one: while it is 0, no thread can be nested unnoticed. */
    private final AtomicInteger displaced = new AtomicInteger();

    InlineSlots(int count, int cores) {
        slots = new Slot[count];
        for (int i = 0; i < count; i++) {
            slots[i] = new Slot(i, cores + i);
        }
    }

    /** A slot and the run that it is in. All fields but the owner belong to the owner. */
    static final class Slot extends InlineSlot {
        final int index;
        final RunSlot run;
        private MemorySegment segment = MemorySegment.ofArray(words);
        private boolean displaced;

        /** Runs that have ended. */
        @SuppressWarnings({"unused", "UnusedVariable"}) // through RUNS
        private long runs;

        /** The table whose codelets run or ran last; null at first, and once that is forgotten. */
        private InlineTable table;

        /** How many of the table's codelets have been counted; {@link #ALL} when there is none left to be. */
        int counted = ALL;

        Slot(int index, int copy) {
            this.index = index;
            this.run = new RunSlot(copy);
        }

        MemorySegment segment() {
            return segment;
        }

        /** Makes room for a context. */
        void makeRoom(int contextWords) {
            if (words.length < contextWords) {
                words = new long[contextWords];
                segment = MemorySegment.ofArray(words);
            }
        }

        /** Begins a run: from here on the table's codelets are to be counted. */
        @SuppressWarnings("ReferenceEquality") // storing a reference costs several times what this does
        void begin(InlineTable its) {
            if (table != its) {
                table = its;
            }
            counted = 0;
        }

        /** Ends it, all codelets having been counted. */
        void end() {
            counted = ALL;
            RUNS.setOpaque(this, runs + 1);
        }

        /** Counts what a run left uncounted that ended without notice. */
        private void settle() {
            if (counted != ALL) {
                table.abandoned(this);
                run.context = null; // it may still be inside the run
                counted = ALL;
            }
        }

        /** Lets go of what ran last. */
        private void forget() {
            settle();
            table = null;
            run.context = null;
        }
    }

    /** Takes a slot, null when all are in use or the thread is nested too deeply. */
    Slot take() {
        long me = Thread.currentThread().threadId();
        int usual = Hash.index(me, slots.length);
        var slot = slots[usual];
        if (displaced.get() != 0 || slot.owner != InlineSlot.FREE || !OWNER.compareAndSet(slot, InlineSlot.FREE, me)) {
            slot = takeAny(me, usual);
        }
        if (slot != null && (slot.counted != ALL || (slot.displaced && slot == slots[usual]))) {
            try {
                slot.settle();
                notDisplaced(slot);
            } catch (Throwable e) {
                slot.owner = InlineSlot.FREE; // no call: the stack may have ended
                throw e;
            }
        }
        return slot;
    }

    private Slot takeAny(long me, int usual) {
        int mine = 0;
        for (var slot : slots) {
            mine += slot.owner == me ? 1 : 0;
        }
        for (int i = 0; i < slots.length && mine < MAX_DEPTH; i++) {
            var slot = slots[(usual + i) % slots.length];
            if (slot.owner == InlineSlot.FREE && OWNER.compareAndSet(slot, InlineSlot.FREE, me)) {
                if (i > 0 && !slot.displaced) {
                    try {
                        displaced.incrementAndGet();
                    } catch (Throwable e) {
                        slot.owner = InlineSlot.FREE;
                        throw e;
                    }
                    slot.displaced = true;
                }
                return slot;
            }
        }
        return null;
    }

    /** Gives a slot back. When this fails because the stack ended, {@code owner = FREE} does, without a call. */
    void give(Slot slot) {
        notDisplaced(slot);
        OWNER.setRelease(slot, InlineSlot.FREE);
    }

    private void notDisplaced(Slot slot) {
        if (slot.displaced) {
            displaced.decrementAndGet();
            slot.displaced = false;
        }
    }

    /** Counts what free slots have left uncounted. */
    void settle() {
        forEachFree(Slot::settle);
    }

    /** Makes free slots let go of what ran there last. */
    void forget() {
        forEachFree(Slot::forget);
    }

    private void forEachFree(Consumer<Slot> what) {
        long me = Thread.currentThread().threadId();
        for (var slot : slots) {
            if (slot.owner == InlineSlot.FREE && OWNER.compareAndSet(slot, InlineSlot.FREE, me)) {
                what.accept(slot);
                give(slot);
            }
        }
    }

    /**
     * Waits until every run of another thread that has begun has ended.
     *
     * @param deadline in nanoseconds of {@code System.nanoTime}
     * @return false when a run was still under way then
     */
    boolean awaitRuns(long deadline) {
        long me = Thread.currentThread().threadId();
        for (var slot : slots) {
            long run = (long) RUNS.getOpaque(slot);
            long owner = slot.owner;
            while (owner != InlineSlot.FREE
                    && owner != me
                    && slot.owner == owner
                    && run == (long) RUNS.getOpaque(slot)) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return true;
    }
}

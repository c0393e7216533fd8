package io.vertebra.runtime.firing;

import java.lang.foreign.Arena;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The counts of one table's events, where a thread can count alone: of inline runs that take no slot, and of queued events
 * that are offered. A platform thread owns the cell that its id points to, once
 * it has claimed it; nobody else writes there while it lives. Threads without a cell take a slot instead.
 *
 * <pre>
 *   cell   thread id | offered | ok, failed of codelet 0 | ok, failed of codelet 1 ...
 * </pre>
 *
 * <p>{@code offered} is counted when an event arrives, the others when a run ends; so what is offered and not yet counted
 * for the last codelet is under way. Generated code counts by itself: without calls, that the end of the stack cannot
 * part one count from the other, and without fences.
 *
 * <p>Closing: the owner counts its event as offered, then looks whether the table is closed; if so it takes the count back
 * and goes elsewhere. Who closes calls {@link #barrier} before it looks at counts: no thread is between the two steps then
 * without the one being visible or the other being still to come.
 */
public final class ThreadCells {

    /** Index in a cell: the id of the thread that owns it. */
    public static final int THREAD = 0;
    /** Index in a cell: events. */
    public static final int OFFERED = 1;
    /** How deep a thread may be nested in inline runs of one table. */
    public static final int MAX_DEPTH = 4;
    /** Runs whose number in their cell has these bits set are timed: one in 1,024. */
    public static final long SAMPLED = 1023;

    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PADDED = 16; // longs: two cache lines
    private static final int CELLS =
            Math.max(64, Integer.highestOneBit(8 * Runtime.getRuntime().availableProcessors()));

    /** All cells; the first {@link #stride} longs are nobody's. */
    public final long[] counts;
    /** Longs from one cell to the next; a power of two. */
    public final int stride;
    /** What a codelet has thrown last, by codelet. */
    public final Throwable[] failures;
    /** Whether events go elsewhere. */
    public volatile boolean closed = true;

    private final AtomicReferenceArray<WeakReference<Thread>> owners = new AtomicReferenceArray<>(CELLS);

    /** Cells for so many codelets, closed. */
    public ThreadCells(int codelets) {
        int needed = failed(codelets - 1) + 1;
        stride = Math.max(PADDED, Integer.highestOneBit(2 * needed - 1));
        counts = new long[(CELLS + 1) * stride];
        failures = new Throwable[codelets];
    }

    /** Index in a cell: runs of a codelet that have ended normally. */
    public static int ok(int codelet) {
        return 2 + 2 * codelet;
    }

    /** Index in a cell: runs of a codelet that have thrown. */
    public static int failed(int codelet) {
        return 3 + 2 * codelet;
    }

    /** What is to be masked out of a thread's id to give the number of its cell. */
    public static int mask() {
        return CELLS - 1;
    }

    private int cell(int number) {
        return (number + 1) * stride;
    }

    /** Where the cell begins that a thread with this id may own; it does when {@link #THREAD} there is its id. */
    public int cellOf(long thread) {
        return cell((int) thread & mask());
    }

    /** Makes a thread the owner of its cell, unless another one lives that is. Virtual threads own none: they are many. */
    public void claim(Thread thread) {
        if (thread.isVirtual()) {
            return;
        }
        int number = (int) thread.threadId() & mask();
        var reference = owners.get(number);
        var owner = reference == null ? null : reference.get();
        boolean mine = thread.equals(owner);
        if (mine || owner == null || !owner.isAlive()) {
            if (mine || owners.compareAndSet(number, reference, new WeakReference<>(thread))) {
                COUNT.setOpaque(counts, cell(number) + THREAD, thread.threadId());
            }
        }
    }

    /** The sum over all cells of what is at an index. */
    public long sum(int index) {
        long sum = 0;
        for (int number = 0; number < CELLS; number++) {
            sum += (long) COUNT.getVolatile(counts, cell(number) + index);
        }
        return sum;
    }

    /**
     * Whether no run is under way. Once that is so of closed cells, after a {@link #barrier}, counts are final.
     *
     * @param except a thread whose runs do not matter, or null
     */
    public boolean isQuiet(Thread except) {
        int last = failures.length - 1;
        for (int number = 0; number < CELLS; number++) {
            int cell = cell(number);
            // Ended first: what is offered can only be more by then, or be taken back.
            long ended = (long) COUNT.getVolatile(counts, cell + ok(last))
                    + (long) COUNT.getVolatile(counts, cell + failed(last));
            long offered = (long) COUNT.getVolatile(counts, cell + OFFERED);
            boolean matters = except == null || (long) COUNT.getVolatile(counts, cell + THREAD) != except.threadId();
            if (offered != ended && matters) {
                return false;
            }
        }
        return true;
    }

    /**
     * Makes every thread pass a point where its stores are visible and its loads are still to come, so that firing needs no
     * fence. Closing a shared arena does that: a JVM must not free memory that a thread is about to touch, whose check it
     * has passed; HotSpot shakes hands with all threads, which do so only between two steps of the code above, never where
     * compiled code is between them.
     */
    public static void barrier() {
        Arena.ofShared().close();
        VarHandle.fullFence();
    }
}

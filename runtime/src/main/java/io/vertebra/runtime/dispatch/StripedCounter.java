package io.vertebra.runtime.dispatch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A counter that many threads increment at once, each mostly in a cache line of its own. Increments are full fences. */
final class StripedCounter {

    private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int STRIPES =
            Integer.highestOneBit(2 * Runtime.getRuntime().availableProcessors() - 1) << 1;
    private static final int APART = 16; // longs: two cache lines

    /** Also for an increment that must not make a call; of two such increments at once, one may be lost. */
    final long[] cells = new long[(STRIPES + 1) * APART];

    /** The index of the calling thread's cell in {@link #cells}. */
    static int stripe() {
        long id = Thread.currentThread().threadId();
        return ((int) (id ^ id >>> 7) & STRIPES - 1) * APART + APART;
    }

    void add(int stripe, long delta) {
        CELL.getAndAdd(cells, stripe, delta);
    }

    long sum() {
        long sum = 0;
        for (int i = APART; i < cells.length; i += APART) {
            sum += (long) CELL.getVolatile(cells, i);
        }
        return sum;
    }
}

package io.vertebra.vm.map;

import java.util.function.LongFunction;

/**
 * The timer of one map value: what it calls, and whether it is armed. Thread-safe. Arming it again replaces the former
 * arming; an arming that was replaced, cancelled or used calls nothing.
 */
public final class BpfTimer {

    /** What a timer calls; the executor that made it knows how. */
    public interface Callback {}

    /** Withdraws a request to be called; nothing when it is too late. */
    @FunctionalInterface
    public interface Cancellation {
        /** Withdraws it. */
        void cancel();
    }

    private final BpfMap map;
    private final long valueOffset;
    private final int clock;
    // Guarded by this.
    private Callback callback;
    private Cancellation armed;
    private long arming;
    private boolean freed;

    BpfTimer(BpfMap map, long valueOffset, int clock) {
        this.map = map;
        this.valueOffset = valueOffset;
        this.clock = clock;
    }

    /** The map whose value the timer lies in. */
    public BpfMap map() {
        return map;
    }

    /** The offset of that value in {@link BpfMap#values}. */
    public long valueOffset() {
        return valueOffset;
    }

    /** The clock that it was made with: one of {@link MapTimers#REALTIME}, {@link MapTimers#MONOTONIC} and so on. */
    public int clock() {
        return clock;
    }

    /** Sets what it calls from now on, also when it is armed already. */
    public synchronized void callback(Callback target) {
        callback = target;
    }

    /**
     * Arms it.
     *
     * @param schedule asks for a call of {@link #expire} with the number that it gets
     * @return 0, or {@link Errno#EINVAL} when it has nothing to call or its value is gone
     */
    public synchronized long arm(LongFunction<Cancellation> schedule) {
        if (callback == null || freed) {
            return Errno.EINVAL;
        }
        cancel();
        armed = schedule.apply(arming);
        return 0;
    }

    /** Disarms it; whether it was armed. A callback that runs already is not waited for. */
    public synchronized boolean cancel() {
        arming++;
        var former = armed;
        armed = null;
        if (former != null) {
            former.cancel();
        }
        return former != null;
    }

    /** What an arming will call, or null when it does not stand any more. */
    public synchronized Callback callbackOf(long number) {
        return armed == null || number != arming ? null : callback;
    }

    /** Uses an arming up, so that it calls its callback: false when it does not stand any more. */
    public synchronized boolean expire(long number) {
        boolean stands = callbackOf(number) != null;
        if (stands) {
            armed = null;
        }
        return stands;
    }

    synchronized void free() {
        freed = true;
        cancel();
    }
}

package io.vertebra.vm.map;

import java.util.concurrent.ConcurrentHashMap;

/**
 * The timers of one map, at most one for each value. Thread-safe. A timer lives until its value is deleted or
 * overwritten, or the map's user is gone ({@link #close}).
 */
public final class MapTimers {

    /** Clock {@code CLOCK_REALTIME}: nanoseconds since 1970. */
    public static final int REALTIME = 0;
    /** Clock {@code CLOCK_MONOTONIC}: that of {@code System.nanoTime}. */
    public static final int MONOTONIC = 1;
    /** Clock {@code CLOCK_BOOTTIME}: the same as MONOTONIC here. */
    public static final int BOOTTIME = 7;

    private final BpfMap map;
    private final ConcurrentHashMap<Long, BpfTimer> timers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    MapTimers(BpfMap map) {
        this.map = map;
    }

    /**
     * Makes the timer of a value.
     *
     * @return 0, or {@link Errno#EBUSY} when it has one, {@link Errno#EINVAL} for an unknown clock, {@link Errno#EPERM}
     *     once the map's user is gone
     */
    public long init(long valueOffset, long clock) {
        if (clock != REALTIME && clock != MONOTONIC && clock != BOOTTIME) {
            return Errno.EINVAL;
        }
        var timer = new BpfTimer(map, valueOffset, (int) clock);
        if (timers.putIfAbsent(valueOffset, timer) != null) {
            return Errno.EBUSY;
        }
        if (closed) { // looked at after the timer is in, so that one of both sees the other
            free(valueOffset);
            return Errno.EPERM;
        }
        return 0;
    }

    /** The timer of a value, null unless it was made. */
    public BpfTimer find(long valueOffset) {
        return timers.get(valueOffset);
    }

    /** How many there are, armed or not. */
    public int size() {
        return timers.size();
    }

    /** Ends the timer of a value that is deleted or overwritten. */
    void free(long valueOffset) {
        var timer = timers.remove(valueOffset);
        if (timer != null) {
            timer.free();
        }
    }

    /** Ends all timers, and makes no more: the codelets that use the map are unloaded. */
    public void close() {
        closed = true;
        timers.keySet().forEach(this::free);
    }
}

package io.vertebra.runtime.limit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket: an event takes a token, and finds none when there were too many before it. It holds one second's
 * tokens, so a burst of that size passes after a pause. Tokens are taken in small portions, so that threads seldom meet
 * here; a portion that its taker keeps is not lost.
 *
 * <p>Thread-safe, but {@link #refill}, which one thread calls. No clock is read when tokens are taken.
 */
public final class RateLimit {

    private static final double NANOS_PER_SECOND = 1e9;
    private static final long LARGEST_PORTION = 64;
    /** Portions that a second's tokens are at least parted into. */
    private static final double PORTIONS = 10_000;

    private final double perSecond;
    private final long capacity;
    private final long portion;
    private final AtomicLong tokens;
    private double fraction;
    private long refilled;

    /**
     * A full bucket.
     *
     * @param perSecond tokens that it gains in a second, above 0
     * @param now nanoseconds of the clock that {@link #refill} uses
     */
    public RateLimit(double perSecond, long now) {
        this.perSecond = perSecond;
        this.capacity = Math.max(1, Math.round(perSecond));
        this.portion = Math.clamp(Math.round(perSecond / PORTIONS), 1, LARGEST_PORTION);
        this.tokens = new AtomicLong(capacity);
        this.refilled = now;
    }

    /** Takes a portion: how many tokens it is, 0 when there is none. */
    public long take() {
        long there = tokens.get();
        while (there > 0) {
            long taken = Math.min(there, portion);
            if (tokens.compareAndSet(there, there - taken)) {
                return taken;
            }
            there = tokens.get();
        }
        return 0;
    }

    /** Adds what time has brought since the last call, up to a second's tokens. */
    public void refill(long now) {
        double gained = fraction + (now - refilled) / NANOS_PER_SECOND * perSecond;
        refilled = now;
        long whole = (long) Math.min(gained, capacity);
        fraction = gained - whole >= 1 ? 0 : gained - whole;
        tokens.updateAndGet(there -> Math.min(capacity, there + whole));
    }
}

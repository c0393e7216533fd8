package io.vertebra.connectors.live;

/** What may pass: {@code rate} a second, and as much at once as the bucket holds. Full at first. Not thread-safe. */
final class TokenBucket {

    private final double rate;
    private final double capacity;
    private double tokens;
    private long nanos = System.nanoTime();

    TokenBucket(double rate, double capacity) {
        this.rate = rate;
        this.capacity = capacity;
        this.tokens = capacity;
    }

    /** How many of those wanted may pass now. */
    long take(long wanted) {
        long now = System.nanoTime();
        tokens = Math.min(capacity, tokens + rate * (now - nanos) / 1e9);
        nanos = now;
        long taken = Math.min(wanted, (long) tokens);
        tokens -= taken;
        return taken;
    }
}

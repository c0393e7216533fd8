package io.vertebra.config;

import java.time.Duration;

/** What a stream's records are owed by the connectors that they go to. */
public sealed interface Delivery {

    /** Nothing is owed: the oldest are given up, and counted, when the destination is too slow. */
    Delivery BEST_EFFORT = new BestEffort();

    /** As {@link #BEST_EFFORT}. */
    record BestEffort() implements Delivery {}

    /**
     * What was written to the stream's spool is kept on disk until the destination has acknowledged it, also over the end
     * of the process. Applies to connectors that can keep records; others beside them give their best.
     *
     * @param maxBytes of the stream's records on disk for each such connector, at least {@value #LEAST_BYTES}; what comes
     *     when they are used up is refused and counted as {@code spool_full}
     * @param maxDelay how long a record may wait in memory before it is written, 1 ms to 10 s; so much can be lost, and is
     *     counted, when the process is killed
     * @param fsync whether what was written also survives the loss of power
     */
    record AtLeastOnce(long maxBytes, Duration maxDelay, boolean fsync) implements Delivery {

        /** The smallest quota: 64 KiB. */
        public static final long LEAST_BYTES = 64 << 10;

        /** The longest delay. */
        public static final Duration LONGEST_DELAY = Duration.ofSeconds(10);

        /** 256 MiB, 50 ms, no fsync. */
        public static final AtLeastOnce DEFAULT = new AtLeastOnce(256 << 20, Duration.ofMillis(50), false);

        /**
         * Checks every value.
         *
         * @throws IllegalArgumentException naming the first that does not fit, and what is allowed
         */
        public AtLeastOnce {
            if (maxBytes < LEAST_BYTES) {
                throw new IllegalArgumentException("max_bytes: " + maxBytes + ", allowed is at least " + LEAST_BYTES);
            }
            if (maxDelay.toMillis() < 1 || maxDelay.compareTo(LONGEST_DELAY) > 0) {
                throw new IllegalArgumentException("max_delay: " + maxDelay + ", allowed is 1ms to 10s");
            }
        }
    }
}

package io.vertebra.connectors.spi;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that records are being given up, or cannot be sent now, and why: each at most every ten seconds. Thread-safe. */
public final class LossLog {

    private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String connector;
    private final Said lost = new Said();
    private final Said delayed = new Said();

    /** The log of a connector that has lost nothing yet. */
    public LossLog(String connector) {
        this.connector = connector;
    }

    /** Some records are given up. */
    public synchronized void lost(int count, Exception cause) {
        lost.add("connector `{}` gave up {} records: {}", count, cause);
    }

    /** Some records cannot be sent now and wait in the spool. */
    public synchronized void delayed(int count, Exception cause) {
        delayed.add("connector `{}` cannot send now, {} records had to wait in the spool: {}", count, cause);
    }

    private final class Said {
        private long records;
        private long nanos = System.nanoTime() - PAUSE_NANOS;

        void add(String message, int count, Exception cause) {
            records += count;
            if (System.nanoTime() - nanos >= PAUSE_NANOS) {
                LOG.warn(message, connector, records, cause.getMessage());
                nanos = System.nanoTime();
                records = 0;
            }
        }
    }
}

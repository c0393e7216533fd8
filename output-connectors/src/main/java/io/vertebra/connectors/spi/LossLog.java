package io.vertebra.connectors.spi;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that records are being given up and why, at most every ten seconds. Thread-safe. */
public final class LossLog {

    private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String connector;
    private long records;
    private long saidNanos = System.nanoTime() - PAUSE_NANOS;

    /** The log of a connector that has lost nothing yet. */
    public LossLog(String connector) {
        this.connector = connector;
    }

    /** Some records are given up. */
    public synchronized void lost(int count, Exception cause) {
        records += count;
        if (System.nanoTime() - saidNanos >= PAUSE_NANOS) {
            LOG.warn("connector `{}` gave up {} records: {}", connector, records, cause.getMessage());
            saidNanos = System.nanoTime();
            records = 0;
        }
    }
}

package io.vertebra.connectors.spi;

import java.time.Duration;

/**
 * How much waits in front of a connector, and for how long. Immutable.
 *
 * @param connector the connector's name
 * @param lag age of the oldest record that is not delivered, since it left its map; zero when none waits
 * @param waitingBytes bytes that wait, those of unfinished writes not included
 * @param maxBytes most bytes that may wait
 * @param unfinishedWrites batches that the connector has and has not settled
 * @param spoolBytes on disk, of streams that are delivered at least once
 */
public record QueueState(
        String connector, Duration lag, long waitingBytes, long maxBytes, int unfinishedWrites, long spoolBytes) {}

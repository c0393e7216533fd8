package io.vertebra.connectors.spool;

import java.time.Duration;

/**
 * How much waits for a durable connector. Immutable.
 *
 * @param lag age of the oldest record that is not delivered, since it left its map; zero when none waits
 * @param memoryBytes that are not on disk yet
 * @param diskBytes of entries on disk that are not delivered
 */
public record SpoolState(Duration lag, long memoryBytes, long diskBytes) {}

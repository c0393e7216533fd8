package io.vertebra.connectors.spi;

import io.vertx.core.Vertx;

/**
 * Where a connector lives.
 *
 * @param name the connector's name in accounts, metrics and descriptors
 * @param vertx for timers and contexts; the connector does not close it
 * @param source URI reference of this runtime, unique for each start, for example {@code /jvm/host/4711-1m2n3o}
 */
public record ConnectorContext(String name, Vertx vertx, String source) {}

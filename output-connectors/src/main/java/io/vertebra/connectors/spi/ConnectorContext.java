package io.vertebra.connectors.spi;

import io.vertx.core.Vertx;

/**
 * Where a connector lives.
 *
 * @param name the connector's name in accounts, metrics and descriptors
 * @param vertx for timers and contexts; the connector does not close it
 * @param source URI reference of this runtime, unique for each start, for example {@code /jvm/host/4711-1m2n3o}
 * @param spooled whether there is a spool, in which records wait for a {@link DurableConnector}: its destination may then
 *     be away when it starts
 */
public record ConnectorContext(String name, Vertx vertx, String source, boolean spooled) {

    /** Without a spool. */
    public ConnectorContext(String name, Vertx vertx, String source) {
        this(name, vertx, source, false);
    }
}

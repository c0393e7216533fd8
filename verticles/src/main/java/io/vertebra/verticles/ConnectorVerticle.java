package io.vertebra.verticles;

import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.ConnectorQueue;
import io.vertebra.connectors.spi.DurableConnector;
import io.vertebra.connectors.spi.OutputBus;
import io.vertebra.connectors.spool.SpoolFolder;
import io.vertebra.connectors.spool.SpooledQueue;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/** Starts one connector and links it to the bus; its event loop is the one that writes. */
final class ConnectorVerticle extends VerticleBase {

    private final String name;
    private final Connector connector;
    private final OutputBus bus;
    private final long queueBytes;
    private final Predicate<StreamDescriptor> wants;
    private final Optional<SpoolFolder> spool;
    private ConnectorLink link;

    /**
     * A verticle.
     *
     * @param wants which streams are for the connector
     * @param spool where a durable connector's records wait
     */
    ConnectorVerticle(
            String name,
            Connector connector,
            OutputBus bus,
            long queueBytes,
            Predicate<StreamDescriptor> wants,
            Optional<SpoolFolder> spool) {
        this.name = name;
        this.connector = connector;
        this.bus = bus;
        this.queueBytes = queueBytes;
        this.wants = wants;
        this.spool = spool;
    }

    /** Fails when the connector does not start. */
    @Override
    public Future<?> start() {
        return connector
                .start()
                .compose(_ -> vertx.executeBlocking(this::spooled)
                        .onSuccess(spooled -> {
                            var queue = new ConnectorQueue(name, connector, context, queueBytes);
                            link = new ConnectorLink(name, context, bus, queue, spooled, wants);
                        })
                        .recover(e -> connector.stop(Duration.ZERO).transform(_ -> Future.failedFuture(e))));
    }

    /** Opens a file. */
    private Optional<SpooledQueue> spooled() {
        return connector instanceof DurableConnector durable
                ? spool.map(folder -> folder.queue(name, durable, queueBytes))
                : Optional.empty();
    }

    /** The link, after the start. */
    ConnectorLink link() {
        return link;
    }
}

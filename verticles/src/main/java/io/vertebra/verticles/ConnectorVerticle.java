package io.vertebra.verticles;

import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.OutputBus;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.function.Predicate;

/** Starts one connector and links it to the bus; its event loop is the one that writes. */
final class ConnectorVerticle extends VerticleBase {

    private final String name;
    private final Connector connector;
    private final OutputBus bus;
    private final long queueBytes;
    private final Predicate<OutputBatch> wants;
    private ConnectorLink link;

    ConnectorVerticle(String name, Connector connector, OutputBus bus, long queueBytes, Predicate<OutputBatch> wants) {
        this.name = name;
        this.connector = connector;
        this.bus = bus;
        this.queueBytes = queueBytes;
        this.wants = wants;
    }

    /** Fails when the connector does not start. */
    @Override
    public Future<?> start() {
        return connector
                .start()
                .onSuccess(_ -> link = new ConnectorLink(name, connector, context, bus, queueBytes, wants));
    }

    /** The link, after the start. */
    ConnectorLink link() {
        return link;
    }
}

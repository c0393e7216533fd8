package io.vertebra.verticles;

import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.ConnectorQueue;
import io.vertebra.connectors.spi.OutputBus;
import io.vertebra.connectors.spi.QueueState;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** A started connector on the bus: takes the batches that are meant for it and puts them into its queue. Thread-safe. */
final class ConnectorLink {

    private final String name;
    private final Context context;
    private final OutputBus bus;
    private final ConnectorQueue queue;
    private final MessageConsumer<OutputBatch> consumer;
    private final AtomicLong seen;
    private volatile Future<Void> closing;

    /**
     * Subscribes; called on the context.
     *
     * @param wants which batches are for the connector
     */
    ConnectorLink(
            String name,
            Connector connector,
            Context context,
            OutputBus bus,
            long queueBytes,
            Predicate<OutputBatch> wants) {
        this.name = name;
        this.context = context;
        this.bus = bus;
        this.queue = new ConnectorQueue(name, connector, context, queueBytes);
        this.seen = new AtomicLong(bus.published());
        this.consumer = bus.subscribe(batch -> {
            if (wants.test(batch)) {
                queue.offer(batch);
            }
            seen.incrementAndGet();
        });
    }

    /** Whether a stream's records go to a connector: it names the connector, or none. */
    static Predicate<OutputBatch> namedBy(String connector) {
        return batch -> {
            var names = batch.stream().connectors();
            return names.isEmpty() || names.contains(connector);
        };
    }

    String name() {
        return name;
    }

    List<OutputAccount> accounts() {
        return queue.accounts();
    }

    /** What waits in front of the connector. */
    QueueState state() {
        return queue.state();
    }

    /** Whether every batch that was published has arrived here, or none is expected any more. */
    boolean caughtUp() {
        return closing != null || seen.get() >= bus.published();
    }

    /** Lets waiting records arrive, then stops the connector. Completes always; the second call gives the first's future. */
    synchronized Future<Void> close(Duration grace) {
        if (closing == null) {
            var closed = Promise.<Void>promise();
            context.runOnContext(_ ->
                    consumer.unregister().eventually(() -> queue.close(grace)).onComplete(_ -> closed.complete()));
            closing = closed.future();
        }
        return closing;
    }
}

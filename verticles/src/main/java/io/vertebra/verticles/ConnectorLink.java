package io.vertebra.verticles;

import io.vertebra.config.Delivery.AtLeastOnce;
import io.vertebra.connectors.spi.ConnectorQueue;
import io.vertebra.connectors.spi.OutputBus;
import io.vertebra.connectors.spi.QueueState;
import io.vertebra.connectors.spool.SpooledQueue;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A started connector on the bus: takes the batches that are meant for it and puts them into its queue. Thread-safe. */
final class ConnectorLink {

    private final String name;
    private final Context context;
    private final OutputBus bus;
    private final ConnectorQueue queue;
    private final Optional<SpooledQueue> spool;
    private final Predicate<StreamDescriptor> wants;
    private final MessageConsumer<OutputBatch> consumer;
    private final AtomicLong seen;
    private volatile Future<Void> closing;

    /**
     * Subscribes; called on the context.
     *
     * @param queue in front of the connector
     * @param spool in front of it for streams that are delivered at least once
     * @param wants which streams are for the connector
     */
    ConnectorLink(
            String name,
            Context context,
            OutputBus bus,
            ConnectorQueue queue,
            Optional<SpooledQueue> spool,
            Predicate<StreamDescriptor> wants) {
        this.name = name;
        this.context = context;
        this.bus = bus;
        this.queue = queue;
        this.spool = spool;
        this.wants = wants;
        this.seen = new AtomicLong(bus.published());
        this.consumer = bus.subscribe(batch -> {
            if (wants.test(batch.stream())) {
                take(batch);
            }
            seen.incrementAndGet();
        });
    }

    private void take(OutputBatch batch) {
        if (spool.isPresent() && batch.stream().delivery() instanceof AtLeastOnce) {
            spool.get().offer(batch);
        } else {
            queue.offer(batch);
        }
    }

    /** Whether it can deliver at least once what goes to some connectors, or to all when none is named. */
    boolean keeps(List<String> connectors) {
        return spool.isPresent() && (connectors.isEmpty() || connectors.contains(name));
    }

    /** Records of a stream that is delivered at least once may come. */
    void expect(StreamDescriptor stream) {
        spool.filter(_ -> wants.test(stream)).ifPresent(queued -> queued.expect(stream));
    }

    /** Whether a stream's records go to a connector: it names the connector, or none. */
    static Predicate<StreamDescriptor> namedBy(String connector) {
        return stream -> {
            var names = stream.connectors();
            return names.isEmpty() || names.contains(connector);
        };
    }

    String name() {
        return name;
    }

    List<OutputAccount> accounts() {
        return Stream.concat(queue.accounts().stream(), spool.stream().flatMap(s -> s.accounts().stream()))
                .toList();
    }

    /** What waits in front of the connector. */
    QueueState state() {
        var queued = queue.state();
        if (spool.isEmpty()) {
            return queued;
        }
        var spooled = spool.get().state();
        return new QueueState(
                name,
                queued.lag().compareTo(spooled.lag()) > 0 ? queued.lag() : spooled.lag(),
                queued.waitingBytes() + spooled.memoryBytes(),
                2 * queued.maxBytes(), // each of the two queues has its own
                queued.unfinishedWrites(),
                spooled.diskBytes());
    }

    /** Whether every batch that was published has arrived here, or none is expected any more. */
    boolean caughtUp() {
        return closing != null || seen.get() >= bus.published();
    }

    /** Lets waiting records arrive, then stops the connector. Completes always; the second call gives the first's future. */
    synchronized Future<Void> close(Duration grace) {
        if (closing == null) {
            var closed = Promise.<Void>promise();
            context.runOnContext(
                    _ -> consumer.unregister().eventually(() -> end(grace)).onComplete(_ -> closed.complete()));
            closing = closed.future();
        }
        return closing;
    }

    private Future<Void> end(Duration grace) {
        if (spool.isEmpty()) {
            return queue.close(grace);
        }
        long deadline = System.nanoTime() + grace.toNanos();
        return spool.get()
                .drain(grace)
                .eventually(() -> queue.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))))
                .eventually(spool.get()::close);
    }
}

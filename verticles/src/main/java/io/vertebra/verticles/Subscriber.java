package io.vertebra.verticles;

import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.WriteResult;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The application's own code as a connector: it may block, because it runs on a virtual thread. */
final class Subscriber implements Connector {

    private static final Logger LOG = LoggerFactory.getLogger(Subscriber.class);

    private final Consumer<OutputBatch> consumer;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("vertebra-subscriber").factory());

    Subscriber(Consumer<OutputBatch> consumer) {
        this.consumer = consumer;
    }

    @Override
    public Future<Void> start() {
        return Future.succeededFuture();
    }

    @Override
    public Future<WriteResult> write(OutputBatch batch) {
        var promise = Promise.<WriteResult>promise();
        thread.execute(() -> {
            try {
                consumer.accept(batch);
                promise.complete(WriteResult.delivered(batch.size()));
            } catch (RuntimeException | Error e) {
                LOG.warn("a subscriber of stream `{}` failed", batch.stream().name(), e);
                promise.fail(e);
            }
        });
        return promise.future();
    }

    @Override
    public Future<Void> stop(Duration grace) {
        thread.shutdown();
        return Future.succeededFuture();
    }
}

package io.vertebra.connectors.spi;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The thread of a connector whose destination can only be reached by calls that block. Thread-safe. */
public final class ConnectorThread {

    private final ExecutorService executor;

    /** A daemon thread, {@code vertebra-} and the connector's name. */
    public ConnectorThread(String connector) {
        executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("vertebra-" + connector).factory());
    }

    /** Does something after all that was asked for before. */
    public void execute(Runnable task) {
        executor.execute(task);
    }

    /** The same, and tells what came of it. */
    public <T> Future<T> call(Callable<T> task) {
        var promise = Promise.<T>promise();
        executor.execute(() -> {
            try {
                promise.complete(task.call());
            } catch (Exception e) {
                promise.fail(e);
            }
        });
        return promise.future();
    }

    /** Takes no more tasks; ends when those that wait are done. */
    public void end() {
        executor.shutdown();
    }
}

package io.vertebra.verticles.api;

import io.vertebra.verticles.http.AccessGuard;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs what requests ask for off the event loop, one after the other; when too many wait, further ones are refused. */
final class ControlWorker {

    private static final int MOST_WAITING = 32;

    private final WorkerExecutor thread;
    private final AtomicInteger waiting = new AtomicInteger();

    ControlWorker(Vertx vertx) {
        thread = vertx.createSharedWorkerExecutor("vertebra-control", 1);
    }

    /**
     * Runs an action and answers with what it gives, or with the problem that it throws.
     *
     * @param answer gets the result, on the event loop
     */
    <T> void run(RoutingContext request, Callable<T> action, Handler<T> answer) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            Failures.end(request, new RequestException(503, MOST_WAITING + " requests wait already: try again later"));
            return;
        }
        var actor = AccessGuard.actor(request);
        thread.executeBlocking(() -> ScopedValue.where(AuditLog.ACTOR, actor).call(action::call), true)
                .onComplete(_ -> waiting.decrementAndGet())
                .onSuccess(answer)
                .onFailure(failure -> Failures.end(request, failure));
    }
}

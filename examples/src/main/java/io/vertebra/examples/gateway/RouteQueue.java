package io.vertebra.examples.gateway;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;

/** Requests of one route that wait for one of a few places at the backends. Used on one event loop only. */
final class RouteQueue {
    private static final int PLACES = 4;

    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    /** Requests that wait now. */
    int depth() {
        return waiting.size();
    }

    /** Starts the work as soon as a place is free, in order of arrival. */
    void submit(Supplier<Future<Void>> work) {
        waiting.add(() -> work.get().onComplete(_ -> {
            running--;
            next();
        }));
        next();
    }

    private void next() {
        while (running < PLACES && !waiting.isEmpty()) {
            running++;
            waiting.remove().run();
        }
    }
}

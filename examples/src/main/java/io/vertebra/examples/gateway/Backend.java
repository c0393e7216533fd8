package io.vertebra.examples.gateway;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.ThreadLocalRandom;

/** An HTTP server that answers after a few milliseconds, and much later while it is in a slow phase. */
final class Backend {
    private static final int USUAL_MILLIS = 3;
    private static final int SLOW_MILLIS = 120;
    /** A slow phase lasts the second half of each period. */
    private static final long PERIOD_MILLIS = 4_000;

    private final Vertx vertx;
    private final boolean slowAtTimes;
    private final long started = System.nanoTime();
    private final HttpServer server;

    Backend(Vertx vertx, boolean slowAtTimes) {
        this.vertx = vertx;
        this.slowAtTimes = slowAtTimes;
        this.server = vertx.createHttpServer().requestHandler(this::serve);
    }

    Future<Integer> start() {
        return server.listen(0, "127.0.0.1").map(HttpServer::actualPort);
    }

    private void serve(HttpServerRequest request) {
        var bytes = Route.of(request.path()).map(Route::responseBytes).orElse(0);
        request.body()
                .onSuccess(_ ->
                        vertx.setTimer(delayMillis(), _ -> request.response().end(Buffer.buffer(new byte[bytes]))));
    }

    private long delayMillis() {
        var random = ThreadLocalRandom.current();
        var elapsed = (System.nanoTime() - started) / 1_000_000;
        var slow = slowAtTimes && elapsed % PERIOD_MILLIS >= PERIOD_MILLIS / 2;
        var mean = slow ? SLOW_MILLIS : USUAL_MILLIS;
        return Math.max(1, Math.round(mean * (0.6 + 0.8 * random.nextDouble())));
    }
}

package io.vertebra.verticles.http;

import io.vertebra.config.HttpSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Bounds the time from one request's end, or the connection's start, to the next one's end. A client that sends a byte now and then does not live longer for it. All methods run on the
 * server's event loop.
 */
public final class ConnectionLimits {

    /** No timer has this number. */
    private static final long NONE = -1;

    private final Vertx vertx;
    private final Supplier<HttpSettings> settings;
    private final Map<HttpConnection, Long> deadlines = new HashMap<>();

    /**
     * Limits for one server.
     *
     * @param settings the limits at the moment; new ones hold for what begins after them
     */
    public ConnectionLimits(Vertx vertx, Supplier<HttpSettings> settings) {
        this.vertx = vertx;
        this.settings = settings;
    }

    /** A client has connected. */
    public void connected(HttpConnection connection) {
        deadlines.put(connection, deadline(connection));
        connection.closeHandler(_ -> vertx.cancelTimer(deadlines.remove(connection)));
    }

    /** The first handler of every request: its body has what is left of the time, its answer takes as long as we need. */
    public void requested(RoutingContext request) {
        var connection = request.request().connection();
        long timer = deadlines.getOrDefault(connection, NONE); // this request's: its end may be told after its answer
        request.request().end().onComplete(_ -> vertx.cancelTimer(timer));
        request.addEndHandler(_ -> await(connection));
        request.next();
    }

    /** The connection is a WebSocket from now on, which has its own signs of life. */
    public void upgraded(HttpConnection connection) {
        release(connection);
        deadlines.replace(connection, NONE);
    }

    private void release(HttpConnection connection) {
        vertx.cancelTimer(deadlines.getOrDefault(connection, NONE));
    }

    private void await(HttpConnection connection) {
        release(connection);
        deadlines.computeIfPresent(connection, (_, timer) -> timer == NONE ? NONE : deadline(connection));
    }

    private long deadline(HttpConnection connection) {
        return vertx.setTimer(settings.get().limits().requestTimeout().toMillis(), _ -> connection.close());
    }
}

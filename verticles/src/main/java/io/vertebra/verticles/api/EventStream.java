package io.vertebra.verticles.api;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * One client that follows the audit log as server-sent events. It reads from the log at its own speed, so that nothing waits
 * for it; what the log has forgotten before it came by is told as an event {@code lost} with a {@code count}. All methods run
 * on the connection's event loop.
 */
final class EventStream {

    /** A comment that often keeps proxies from closing the connection, and finds clients that have gone. */
    private static final long HEARTBEAT_MILLIS = 15_000;

    private final AuditLog audit;
    private final HttpServerResponse response;
    private long sent;
    private boolean closed;

    private EventStream(AuditLog audit, HttpServerResponse response) {
        this.audit = audit;
        this.response = response;
    }

    /**
     * Sends what comes after a position, until the client goes.
     *
     * @param after the last event that the client has; below 0, it has none of this start
     * @param missed whether it has events of another start
     */
    static void open(Vertx vertx, AuditLog audit, HttpServerResponse response, long after, boolean missed) {
        var stream = new EventStream(audit, response);
        stream.sent = after < 0 ? audit.oldest() - 1 : after;
        response.setChunked(true)
                .putHeader("content-type", EventRoutes.STREAM)
                .putHeader("cache-control", "no-store")
                .write("retry: 1000\n\n");
        if (missed) {
            stream.lost(null);
        }
        Context context = vertx.getOrCreateContext();
        Runnable listener = () -> context.runOnContext(_ -> stream.pump());
        long heartbeat = vertx.setPeriodic(HEARTBEAT_MILLIS, _ -> stream.beat());
        response.drainHandler(_ -> stream.pump()).closeHandler(_ -> {
            stream.closed = true;
            vertx.cancelTimer(heartbeat);
            audit.remove(listener);
        });
        audit.add(listener);
        stream.pump();
    }

    /** A client that does not read has enough to read. */
    private void beat() {
        if (!response.writeQueueFull()) {
            response.write(":\n\n");
        }
    }

    private void pump() {
        for (var element : audit.after(sent)) {
            if (closed || response.writeQueueFull()) {
                return;
            }
            var event = (JsonObject) element;
            long number = event.getLong("sequence");
            if (number > sent + 1) {
                lost(number - sent - 1);
            }
            sent = number;
            write(audit.start() + "-" + number, event.getString("event"), event);
        }
    }

    /** The client has to look at everything again; a count of null is unknown. */
    private void lost(Long count) {
        response.write(
                "event: lost\ndata: " + new JsonObject().put("count", count).encode() + "\n\n");
    }

    private void write(String id, String event, JsonObject data) {
        response.write("id: " + id + "\nevent: " + event + "\ndata: " + data.encode() + "\n\n");
    }
}

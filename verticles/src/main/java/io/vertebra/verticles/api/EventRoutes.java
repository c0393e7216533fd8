package io.vertebra.verticles.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;

/**
 * {@code /api/v1/events}: the latest events as a list or, for a client that accepts {@code text/event-stream}, those and all
 * that come, as server-sent events. A client that comes again with {@code Last-Event-ID} goes on where it was.
 */
final class EventRoutes {

    /** The media type of server-sent events. */
    static final String STREAM = "text/event-stream";

    private static final String PATH = "/api/v1/events";
    private static final Pattern ID = Pattern.compile("([0-9a-z]{1,32})-([0-9]{1,18})");

    private final AuditLog audit;

    EventRoutes(AuditLog audit) {
        this.audit = audit;
    }

    void mount(Vertx vertx, Router router) {
        router.get(PATH).handler(request -> {
            try {
                if (String.valueOf(request.request().getHeader(HttpHeaders.ACCEPT))
                        .contains(STREAM)) {
                    stream(vertx, request);
                } else {
                    Answers.json(request, 200, audit.after(after(request)));
                }
            } catch (RequestException e) {
                Failures.end(request, e);
            }
        });
    }

    private static long after(RoutingContext request) throws RequestException {
        var after = request.request().getParam("after", "0");
        if (!after.matches("[0-9]{1,18}")) {
            throw new RequestException(400, "after: `" + after + "`, allowed is a sequence number");
        }
        return Long.parseLong(after);
    }

    private void stream(Vertx vertx, RoutingContext request) throws RequestException {
        var last = request.request().getHeader("last-event-id");
        if (last == null) {
            EventStream.open(vertx, audit, request.response(), -1, false);
            return;
        }
        var id = ID.matcher(last);
        if (!id.matches()) {
            throw new RequestException(400, "last-event-id: `" + last + "`, allowed is the id of an event");
        }
        boolean ours = id.group(1).equals(audit.start());
        EventStream.open(vertx, audit, request.response(), ours ? Long.parseLong(id.group(2)) : -1, !ours);
    }
}

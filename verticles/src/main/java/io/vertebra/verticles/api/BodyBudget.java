package io.vertebra.verticles.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What requests that are under way may hold together, bodies in memory or uploads on disk: one that does not fit is answered
 * with 503 and {@code Retry-After} before its body is read. Thread-safe.
 */
final class BodyBudget {

    private final long most;
    private final String what;
    private final AtomicLong held = new AtomicLong();

    /**
     * A budget of which nothing is spent.
     *
     * @param what it is spent on, for messages
     */
    BodyBudget(long most, String what) {
        this.most = most;
        this.what = what;
    }

    /** Takes a part until the request is answered or its client has gone; when it is too much, answers and says no. */
    boolean take(RoutingContext request, long part) {
        if (held.addAndGet(part) > most) {
            held.addAndGet(-part);
            Failures.end(
                    request, new RequestException(503, what + ": as much as allowed is under way, try again later"));
            return false;
        }
        request.addEndHandler(_ -> held.addAndGet(-part));
        return true;
    }

    /** How long a request says that its body is, else how long it may be. */
    static long length(RoutingContext request, int longest) {
        var header = request.request().getHeader(HttpHeaders.CONTENT_LENGTH);
        return header != null && header.matches("[0-9]{1,9}") ? Math.min(longest, Long.parseLong(header)) : longest;
    }
}

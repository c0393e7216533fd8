package io.vertebra.verticles.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Asks for a token (RFC 6750) where one is needed: for every change, and for reading too unless the port is on loopback.
 * Thread-safe.
 */
public final class AccessGuard {

    /** Methods that change nothing. */
    public static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private static final String SCHEME = "bearer ";
    private static final String ACTOR = "vertebra.actor";

    private final Tokens tokens;
    private final boolean openReading;

    /**
     * A guard for a port.
     *
     * @param openReading whether reading needs no token
     */
    public AccessGuard(Tokens tokens, boolean openReading) {
        this.tokens = tokens;
        this.openReading = openReading;
    }

    /** For all routes: passes reading requests on when they may read; others are their route's to check. */
    public void checkReading(RoutingContext request) {
        if (openReading || !READING.contains(request.request().method())) {
            request.next();
        } else {
            check(request, Role.VIEWER);
        }
    }

    /** Before a route's handler: passes on requests whose token gives a role that covers the one needed. */
    public Handler<RoutingContext> require(Role needed) {
        return request -> check(request, needed);
    }

    /** Who sent a request that has passed: {@code role@address}. */
    public static String actor(RoutingContext request) {
        return request.get(ACTOR, "anonymous@" + address(request));
    }

    private void check(RoutingContext request, Role needed) {
        var role = presented(request).flatMap(tokens::role);
        if (role.isEmpty()) {
            request.response().putHeader("www-authenticate", "Bearer realm=\"vertebra\"");
            Problem.end(
                    request,
                    401,
                    presented(request).isEmpty()
                            ? "no token: send `Authorization: Bearer TOKEN`, the run file has it"
                            : "token: unknown here, the run file has those of this start");
        } else if (!role.get().covers(needed)) {
            Problem.end(request, 403, "token of role `" + role.get().label() + "`: needed is `" + needed.label() + "`");
        } else {
            request.put(ACTOR, role.get().label() + "@" + address(request));
            request.next();
        }
    }

    private static Optional<String> presented(RoutingContext request) {
        var header = request.request().getHeader(HttpHeaders.AUTHORIZATION);
        return header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                ? Optional.empty()
                : Optional.of(header.substring(SCHEME.length()).strip());
    }

    private static String address(RoutingContext request) {
        var remote = request.request().remoteAddress();
        return remote == null ? "" : String.valueOf(remote.hostAddress());
    }
}

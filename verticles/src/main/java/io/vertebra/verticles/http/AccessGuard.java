package io.vertebra.verticles.http;

import io.vertebra.config.HttpSettings;
import io.vertebra.config.Role;
import io.vertebra.config.TlsSettings;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Asks for a role where one is needed: for every change, and for reading too unless the port is for this machine only. A
 * token decides (RFC 6750; a WebSocket may bring it as a sub-protocol {@code vertebra.token.TOKEN}, because a browser cannot
 * send headers there); a client without one has the role of its certificate. Thread-safe.
 */
public final class AccessGuard {

    /** Methods that change nothing. */
    public static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private static final String SCHEME = "bearer ";
    private static final String SUB_PROTOCOL = "vertebra.token.";
    private static final String ACTOR = "vertebra.actor";
    private static final String ROLE = "vertebra.role";

    private final Tokens tokens;
    private final boolean openReading;
    private final Map<String, Role> clientRoles;

    /** A guard for a port. */
    public AccessGuard(Tokens tokens, HttpSettings settings) {
        this.tokens = tokens;
        this.openReading = settings.openReading();
        this.clientRoles = settings.access().tls().map(TlsSettings::clientRoles).orElse(Map.of());
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

    /** Who sent a request that has passed: {@code role@address}, or {@code role(common name)@address}. */
    public static String actor(RoutingContext request) {
        return request.get(ACTOR, "anonymous@" + address(request));
    }

    /** The role of whoever sent a request that has passed {@link #require}. */
    public static Optional<Role> role(RoutingContext request) {
        return Optional.ofNullable(request.get(ROLE));
    }

    private void check(RoutingContext request, Role needed) {
        var presented = presented(request.request());
        var role = presented.isPresent()
                ? tokens.role(presented.get())
                : ClientCertificate.role(request.request(), clientRoles);
        if (role.isEmpty()) {
            request.response().putHeader("www-authenticate", "Bearer realm=\"vertebra\"");
            Problem.end(
                    request,
                    401,
                    presented.isEmpty()
                            ? "no token: send `Authorization: Bearer TOKEN`, the run file has it"
                            : "token: unknown here, the run file has those of this start");
        } else if (!role.get().covers(needed)) {
            Problem.end(request, 403, "token of role `" + role.get().label() + "`: needed is `" + needed.label() + "`");
        } else {
            var name = ClientCertificate.commonName(request.request()).map(cn -> "(" + cn + ")");
            request.put(ACTOR, role.get().label() + name.orElse("") + "@" + address(request));
            request.put(ROLE, role.get());
            request.next();
        }
    }

    private static Optional<String> presented(HttpServerRequest request) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null && header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return Optional.of(header.substring(SCHEME.length()).strip());
        }
        return subProtocols(request)
                .filter(protocol -> protocol.startsWith(SUB_PROTOCOL))
                .map(protocol -> protocol.substring(SUB_PROTOCOL.length()))
                .findFirst();
    }

    /** What a WebSocket handshake offers to speak. */
    public static Stream<String> subProtocols(HttpServerRequest request) {
        return request.headers().getAll("sec-websocket-protocol").stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .map(String::strip);
    }

    private static String address(RoutingContext request) {
        var remote = request.request().remoteAddress();
        return remote == null ? "" : String.valueOf(remote.hostAddress());
    }
}

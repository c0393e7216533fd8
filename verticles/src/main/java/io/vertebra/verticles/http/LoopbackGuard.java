package io.vertebra.verticles.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Keeps other web sites out of a server on loopback: a page that resolves its own name to 127.0.0.1 has the wrong {@code
 * Host}, and one that only sends requests here has the wrong {@code Origin}.
 */
public final class LoopbackGuard {

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private LoopbackGuard() {}

    /** Passes a request on, or ends it with 403. */
    public static void check(RoutingContext request) {
        var authority = request.request().authority();
        var origin = request.request().getHeader(HttpHeaders.ORIGIN);
        if (authority == null || !isLoopback(authority.host())) {
            Problem.end(
                    request,
                    403,
                    "host `" + (authority == null ? "" : authority.host()) + "`: allowed are loopback names");
        } else if (origin != null && !isSame(origin, authority.toString())) {
            Problem.end(request, 403, "origin `" + origin + "`: allowed is http://" + authority);
        } else {
            request.response().putHeader("x-content-type-options", "nosniff");
            request.next();
        }
    }

    private static boolean isLoopback(String host) {
        return LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
    }

    private static boolean isSame(String origin, String authority) {
        try {
            var uri = new URI(origin);
            return authority.equalsIgnoreCase(uri.getRawAuthority());
        } catch (URISyntaxException e) {
            return false;
        }
    }
}

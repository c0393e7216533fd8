package io.vertebra.verticles.http;

import io.vertebra.config.HttpSettings;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Keeps other web sites out: a page that resolves its own name to this server's address has the wrong {@code Host}, and one
 * that only sends requests here has the wrong {@code Origin}. Immutable.
 */
public final class HostGuard {

    /** Names and addresses of a machine's loopback. */
    static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private final Set<String> names;
    private final String scheme;

    /** A guard that takes loopback's names, the address listened on, and the names that the settings allow. */
    public HostGuard(HttpSettings settings) {
        var host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        names = Stream.concat(Stream.of(host), settings.access().allowedHosts().stream())
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        scheme = settings.access().tls().isPresent() ? "https" : "http";
    }

    /** Passes a request on, or ends it with 403. */
    public void check(RoutingContext request) {
        var authority = request.request().authority();
        var origin = request.request().getHeader(HttpHeaders.ORIGIN);
        if (authority == null || !isOurs(authority.host().toLowerCase(Locale.ROOT))) {
            Problem.end(
                    request,
                    403,
                    "host `" + (authority == null ? "" : authority.host())
                            + "`: allowed are loopback names and those of http.allowed_hosts");
        } else if (origin != null && !isSame(origin, authority.toString())) {
            Problem.end(request, 403, "origin `" + origin + "`: allowed is " + scheme + "://" + authority);
        } else {
            request.response().putHeader("x-content-type-options", "nosniff");
            request.next();
        }
    }

    private boolean isOurs(String host) {
        return LOOPBACK.matcher(host).matches() || names.contains(host);
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

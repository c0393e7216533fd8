package io.vertebra.verticles.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Optional;

/** {@code If-Match} and {@code If-None-Match} of requests that change something (RFC 9110 section 13). */
final class Preconditions {

    private Preconditions() {}

    /**
     * Compares a request's conditions with what is there.
     *
     * @param tag the entity tag without quotes; empty when there is nothing
     * @throws RequestException 412 when one does not hold
     */
    static void check(RoutingContext request, Optional<String> tag) throws RequestException {
        var present = tag.map(t -> "the entity tag is \"" + t + "\"").orElse("there is no such set");
        var match = request.request().getHeader(HttpHeaders.IF_MATCH);
        if (match != null && !names(match, tag)) {
            throw new RequestException(412, "if-match `" + match + "`: " + present);
        }
        var none = request.request().getHeader(HttpHeaders.IF_NONE_MATCH);
        if (none != null && names(none, tag)) {
            throw new RequestException(412, "if-none-match `" + none + "`: " + present);
        }
    }

    private static boolean names(String header, Optional<String> tag) {
        return tag.isPresent()
                && (header.strip().equals("*")
                        || Arrays.stream(header.split(","))
                                .map(String::strip)
                                .anyMatch(('"' + tag.get() + '"')::equals));
    }
}

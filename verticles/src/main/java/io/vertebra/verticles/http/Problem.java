package io.vertebra.verticles.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Errors as RFC 9457 problem details. */
public final class Problem {

    private Problem() {}

    /** Ends a request with a problem; the title is the status's own phrase. */
    public static void end(RoutingContext request, int status, String detail) {
        end(request, status, detail, new JsonObject());
    }

    /**
     * Ends a request with a problem that says more.
     *
     * @param members what this problem has beside the standard's members
     */
    public static void end(RoutingContext request, int status, String detail, JsonObject members) {
        if (request.response().ended()) {
            return; // the client has gone, or was answered while its body was still coming
        }
        var body = new JsonObject()
                .put("type", "about:blank")
                .put("title", HttpResponseStatus.valueOf(status).reasonPhrase())
                .put("status", status)
                .put("detail", detail)
                .put("instance", request.request().path())
                .mergeIn(members);
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
                .end(body.toBuffer());
    }
}

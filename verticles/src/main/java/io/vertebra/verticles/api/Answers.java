package io.vertebra.verticles.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** Ends requests with JSON. */
final class Answers {

    private static final String JSON = "application/json";

    private Answers() {}

    static void json(RoutingContext request, int status, JsonObject body) {
        head(request, status).response().end(body.toBuffer());
    }

    static void json(RoutingContext request, int status, JsonArray body) {
        head(request, status).response().end(body.toBuffer());
    }

    private static RoutingContext head(RoutingContext request, int status) {
        request.response().setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        return request;
    }
}

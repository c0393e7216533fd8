package io.vertebra.verticles.api;

import io.vertx.core.Handler;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;

/** Small JSON bodies. */
final class JsonBody {

    private JsonBody() {}

    /**
     * Reads bodies up to a size; larger ones are refused with 413. A plain handler, so that it may come after others.
     *
     * @param together what all of them may take
     */
    static Handler<RoutingContext> handler(int maxBytes, BodyBudget together) {
        var body = BodyHandler.create(false).setBodyLimit(maxBytes);
        return request -> {
            if (together.take(request, BodyBudget.length(request, maxBytes))) {
                body.handle(request);
            }
        };
    }

    /**
     * A request's body.
     *
     * @param known the members that it may have
     * @throws IllegalArgumentException when it is no JSON object, or has other members
     */
    static JsonObject object(RoutingContext request, String... known) {
        var json = object(request);
        for (var name : json.fieldNames()) {
            if (!List.of(known).contains(name)) {
                throw new IllegalArgumentException("member `" + name + "`: unknown, allowed are " + List.of(known));
            }
        }
        return json;
    }

    /** A request's body, whatever its members are. */
    static JsonObject object(RoutingContext request) {
        var body = request.body().buffer();
        try {
            if (body != null && body.length() > 0) {
                return new JsonObject(body);
            }
        } catch (DecodeException | ClassCastException e) {
            throw new IllegalArgumentException("body: not a JSON object, " + firstLine(e.getMessage()), e);
        }
        throw new IllegalArgumentException("body: empty, needed is a JSON object");
    }

    private static String firstLine(String text) {
        return String.valueOf(text).lines().findFirst().orElse("");
    }
}

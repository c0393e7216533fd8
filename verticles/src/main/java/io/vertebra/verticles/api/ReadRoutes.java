package io.vertebra.verticles.api;

import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** What is only read: hooks, programs, streams, accounts, and the API's description. */
final class ReadRoutes {

    private final CodeletRuntime runtime;
    private final RuntimeView view;
    private final ProgramJson programs;

    ReadRoutes(CodeletRuntime runtime, RuntimeView view, ProgramJson programs) {
        this.runtime = runtime;
        this.view = view;
        this.programs = programs;
    }

    void mount(Router router) {
        var contract = contract();
        router.get("/api/v1/openapi.json").handler(request -> Answers.json(request, 200, contract));
        list(router, "hooks", view::hooks);
        list(router, "programs", () -> programs.all(runtime));
        router.get("/api/v1/programs/:set/:codelet").handler(this::program);
        list(router, "streams", view::streamList);
        router.get("/api/v1/accounts").handler(request -> Answers.json(request, 200, view.accounts()));
    }

    private void program(RoutingContext request) {
        try {
            var program = programs.one(runtime, request.pathParam("set"), request.pathParam("codelet"));
            Answers.json(request, 200, program);
        } catch (RequestException e) {
            Failures.end(request, e);
        }
    }

    private static JsonObject contract() {
        try (var in = ReadRoutes.class.getResourceAsStream("openapi.json")) {
            return new JsonObject(Buffer.buffer(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("openapi.json", e);
        }
    }

    private static void list(Router router, String name, Supplier<JsonArray> list) {
        router.get("/api/v1/" + name).handler(request -> Answers.json(request, 200, list.get()));
    }
}

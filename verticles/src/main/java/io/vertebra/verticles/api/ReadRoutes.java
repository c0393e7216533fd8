package io.vertebra.verticles.api;

import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** What is only read: hooks, programs, streams, accounts, events, and the API's description. */
final class ReadRoutes {

    private final CodeletRuntime runtime;
    private final RuntimeView view;
    private final ProgramJson programs;
    private final AuditLog audit;

    ReadRoutes(CodeletRuntime runtime, RuntimeView view, ProgramJson programs, AuditLog audit) {
        this.runtime = runtime;
        this.view = view;
        this.programs = programs;
        this.audit = audit;
    }

    void mount(Router router) {
        var contract = contract();
        router.get("/api/v1/openapi.json").handler(request -> Answers.json(request, 200, contract));
        list(router, "hooks", view::hooks);
        list(router, "programs", () -> programs.all(runtime));
        list(router, "streams", view::streamList);
        router.get("/api/v1/accounts").handler(request -> Answers.json(request, 200, view.accounts()));
        router.get("/api/v1/events").handler(request -> {
            var after = request.request().getParam("after", "0");
            if (after.matches("[0-9]{1,18}")) {
                Answers.json(request, 200, audit.after(Long.parseLong(after)));
            } else {
                Failures.end(
                        request, new RequestException(400, "after: `" + after + "`, allowed is a sequence number"));
            }
        });
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

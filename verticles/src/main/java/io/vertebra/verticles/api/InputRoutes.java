package io.vertebra.verticles.api;

import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.InputChannel;
import io.vertebra.verticles.http.AccessGuard;
import io.vertebra.verticles.http.Role;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /api/v1/inputs}: {@code PUT} or {@code POST} to an input's name sends one record, a JSON object typed by BTF or, as
 * {@code application/octet-stream}, its bytes.
 */
final class InputRoutes {

    private static final String ALL = "/api/v1/inputs";
    private static final String ONE = ALL + "/:input";
    private static final int MAX_BODY = 1 << 20;
    private static final String BYTES = "application/octet-stream";

    private final CodeletRuntime runtime;
    private final ControlWorker worker;

    InputRoutes(CodeletRuntime runtime, ControlWorker worker) {
        this.runtime = runtime;
        this.worker = worker;
    }

    void mount(Router router, AccessGuard access) {
        var operator = access.require(Role.OPERATOR);
        var body = JsonBody.handler(MAX_BODY);
        Handler<RoutingContext> send = this::send;
        router.get(ALL)
                .handler(request -> Answers.json(request, 200, RuntimeJson.array(runtime.inputs(), InputRoutes::json)));
        router.get(ONE)
                .handler(request ->
                        worker.run(request, () -> json(input(request)), input -> Answers.json(request, 200, input)));
        router.put(ONE).handler(operator).handler(body).handler(send);
        router.post(ONE).handler(operator).handler(body).handler(send);
    }

    private void send(RoutingContext request) {
        worker.run(
                request,
                () -> {
                    var input = input(request);
                    if (!send(input, request)) {
                        request.response().putHeader("retry-after", "1");
                        throw new RequestException(
                                503, "input `" + input.name() + "`: no room, " + input.waiting() + " records wait");
                    }
                    return input;
                },
                _ -> request.response().setStatusCode(204).end());
    }

    private static boolean send(InputChannel input, RoutingContext request) {
        var type = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (BYTES.equals(type)) {
            var body = request.body().buffer();
            return input.send(body == null ? new byte[0] : body.getBytes());
        }
        var spec = input.map().spec();
        if (spec.valueType() == 0) {
            throw new IllegalArgumentException("input `" + input.name()
                    + "`: the type of its records is not declared, send their bytes as " + BYTES);
        }
        int size = (int) spec.btf().sizeOf(spec.valueType());
        return input.send(TypedJson.bytes(spec.btf(), spec.valueType(), size, "record", JsonBody.object(request)));
    }

    private InputChannel input(RoutingContext request) throws RequestException {
        try {
            return runtime.input(request.pathParam("input"));
        } catch (IllegalArgumentException e) {
            throw new RequestException(404, e.getMessage());
        }
    }

    private static JsonObject json(InputChannel input) {
        return new JsonObject()
                .put("name", input.name())
                .put("map", input.map().spec().name())
                .put("accepted", input.accepted())
                .put("refused", input.refused())
                .put("waiting", input.waiting());
    }
}

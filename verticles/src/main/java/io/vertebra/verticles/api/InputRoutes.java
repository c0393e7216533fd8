package io.vertebra.verticles.api;

import io.vertebra.config.Role;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.InputChannel;
import io.vertebra.verticles.http.AccessGuard;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
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
    private final InputRecords records;
    private final ControlWorker worker;
    private final BodyBudget bodies;

    InputRoutes(CodeletRuntime runtime, ControlWorker worker, BodyBudget bodies) {
        this.runtime = runtime;
        this.records = new InputRecords(runtime);
        this.worker = worker;
        this.bodies = bodies;
    }

    void mount(Router router, AccessGuard access) {
        var operator = access.require(Role.OPERATOR);
        var body = JsonBody.handler(MAX_BODY, bodies);
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
                    if (BYTES.equals(request.request().getHeader(HttpHeaders.CONTENT_TYPE))) {
                        var body = request.body().buffer();
                        records.send(input, body == null ? Buffer.buffer() : body);
                    } else {
                        records.send(input, JsonBody.object(request));
                    }
                    return input;
                },
                _ -> request.response().setStatusCode(204).end());
    }

    private InputChannel input(RoutingContext request) throws RequestException {
        return records.find(request.pathParam("input"));
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

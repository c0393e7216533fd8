package io.vertebra.verticles.api;

import io.vertebra.config.StreamFormat;
import io.vertebra.connectors.format.ProtobufFormat;
import io.vertebra.connectors.format.ProtobufSchema;
import io.vertebra.connectors.format.RecordFormat;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /api/v1/streams/NAME/schema}: the records of a stream as messages of Protocol Buffers, whatever its format; a {@code
 * .proto} file, or with {@code form=descriptor_set} a {@code FileDescriptorSet}.
 */
final class SchemaRoutes {

    private final CodeletRuntime runtime;
    private final ControlWorker worker;

    SchemaRoutes(CodeletRuntime runtime, ControlWorker worker) {
        this.runtime = runtime;
        this.worker = worker;
    }

    void mount(Router router) {
        router.get("/api/v1/streams/:stream/schema").handler(this::schema);
    }

    private void schema(RoutingContext request) {
        var form = request.request().getParam("form", "proto");
        switch (form) {
            case "proto" ->
                worker.run(
                        request,
                        () -> Buffer.buffer(schema(request.pathParam("stream")).text()),
                        text -> answer(request, "text/plain; charset=utf-8", text));
            case "descriptor_set" ->
                worker.run(
                        request,
                        () -> Buffer.buffer(schema(request.pathParam("stream")).descriptorSet()),
                        set -> answer(request, "application/protobuf", set));
            default ->
                Failures.end(
                        request, new RequestException(400, "form: `" + form + "`, allowed is proto, descriptor_set"));
        }
    }

    private ProtobufSchema schema(String name) throws RequestException {
        var stream = runtime.streams().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new RequestException(404, "stream `" + name + "`: there is none"));
        if (!stream.typed()) {
            throw new RequestException(
                    404, "stream `" + name + "`: its records have no type, declare it in the map or the descriptor");
        }
        try {
            RecordFormat.requireLibrary(name, StreamFormat.PROTOBUF);
            return ProtobufFormat.schema(stream);
        } catch (ConnectorException e) {
            throw new RequestException(501, e.getMessage());
        }
    }

    private static void answer(RoutingContext request, String type, Buffer body) {
        request.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(body);
    }
}

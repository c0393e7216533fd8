package io.vertebra.verticles;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** An HTTP client of the API with one token, or none; every answer must fit the API's own description. */
final class ApiClient implements AutoCloseable {

    /** The runtime's test objects. */
    static final Path OBJECTS = Path.of("../runtime/src/test/resources/codelets");

    private static final String BOUNDARY = "part-of-an-api-test";

    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;
    private final String token;
    private ApiContract contract;

    /**
     * A client.
     *
     * @param role whose token it presents; empty for none
     */
    ApiClient(Vertebra vertebra, String role) {
        this(vertebra.port(), role.isEmpty() ? "" : vertebra.token(role));
    }

    /** A client of a Vertebra in another process. */
    ApiClient(int port, String token) {
        this.port = port;
        this.token = token;
    }

    /** An answer. */
    record Answer(int status, HttpResponse<String> response) {
        JsonObject object() {
            return new JsonObject(response.body());
        }

        JsonArray array() {
            return new JsonArray(response.body());
        }

        String detail() {
            return object().getString("detail");
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    Answer get(String path) throws Exception {
        return send(request(path).GET());
    }

    Answer send(String method, String path, String body, String... headers) throws Exception {
        return send(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer send(String method, String path, byte[] body, String... headers) throws Exception {
        var request = request(path).method(method, BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    /** Uploads a set: its descriptor, and objects of the runtime's tests by name. */
    Answer upload(String method, String path, String descriptor, String... objects) throws Exception {
        return send(
                method, path, form(descriptor, objects), "content-type", "multipart/form-data; boundary=" + BOUNDARY);
    }

    /** As {@link #upload}, with a signature file. */
    Answer uploadSigned(String method, String path, String signature, String descriptor, String... objects)
            throws Exception {
        var body = new ByteArrayOutputStream();
        part(body, "signature", "set.yaml.sig", signature.getBytes(StandardCharsets.UTF_8));
        body.write(form(descriptor, objects));
        return send(method, path, body.toByteArray(), "content-type", "multipart/form-data; boundary=" + BOUNDARY);
    }

    /** As {@link #upload}, on a condition. */
    Answer uploadIf(String condition, String tag, String path, String descriptor, String... objects) throws Exception {
        return send(
                "PUT",
                path,
                form(descriptor, objects),
                "content-type",
                "multipart/form-data; boundary=" + BOUNDARY,
                condition,
                tag);
    }

    static byte[] form(String descriptor, String... objects) throws IOException {
        var body = new ByteArrayOutputStream();
        part(body, "descriptor", "set.yaml", descriptor.getBytes(StandardCharsets.UTF_8));
        for (var object : objects) {
            part(body, "object", object, Files.readAllBytes(OBJECTS.resolve(object)));
        }
        body.write(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    static void part(ByteArrayOutputStream body, String name, String file, byte[] content) throws IOException {
        body.write(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"" + file
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.write(content);
        body.write("\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    private HttpRequest.Builder request(String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path));
        return token.isEmpty() ? request : request.header("authorization", "Bearer " + token);
    }

    private Answer send(HttpRequest.Builder request) throws Exception {
        var response = http.send(request.build(), BodyHandlers.ofString());
        contract().check(response);
        return new Answer(response.statusCode(), response);
    }

    ApiContract contract() throws Exception {
        if (contract == null) {
            var document = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/openapi.json"))
                    .build();
            contract = new ApiContract(
                    new JsonObject(http.send(document, BodyHandlers.ofString()).body()));
        }
        return contract;
    }

    @Override
    public void close() {
        http.close();
    }
}

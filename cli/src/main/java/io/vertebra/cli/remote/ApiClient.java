package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.config.Role;
import io.vertebra.verticles.http.RunFile;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The API of a running Vertebra. Not thread-safe. */
final class ApiClient implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final String JSON = "application/json";

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final URI url;
    private final Path runFolder;

    /**
     * A client that has not connected.
     *
     * @param url scheme, host and port
     * @param runFolder where the run file is looked for
     */
    ApiClient(URI url, Path runFolder) {
        this.url = url;
        this.runFolder = runFolder;
    }

    /** The WebSocket beside the API. */
    URI live() {
        return URI.create(url.toString().replaceFirst("^http", "ws").replaceFirst("/$", "") + "/ws");
    }

    HttpClient http() {
        return http;
    }

    JsonArray list(String path) throws CommandException {
        return new JsonArray(exchange("GET", path, JSON, new byte[0]));
    }

    JsonObject get(String path) throws CommandException {
        return new JsonObject(exchange("GET", path, JSON, new byte[0]));
    }

    /** Sends JSON; the answer's body is empty when there is nothing to say. */
    Optional<JsonObject> send(String method, String path, JsonObject body) throws CommandException {
        return answer(exchange(method, path, JSON, body.toBuffer().getBytes()));
    }

    /** Sends a body of another type. */
    Optional<JsonObject> send(String method, String path, String type, byte[] body, String... headers)
            throws CommandException {
        return answer(exchange(method, path, type, body, headers));
    }

    /** A path's part that somebody typed. */
    static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Optional<JsonObject> answer(String body) {
        return body.isEmpty() ? Optional.empty() : Optional.of(new JsonObject(body));
    }

    private String exchange(String method, String path, String type, byte[] body, String... headers)
            throws CommandException {
        var request = HttpRequest.newBuilder(url.resolve("/api/v1/" + path))
                .timeout(ANSWER)
                .header("content-type", type)
                .method(method, BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        token().ifPresent(token -> request.header("authorization", "Bearer " + token));
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw new CommandException(
                    "nothing listens at " + url + ": start Vertebra there, or name another --url", e);
        } catch (HttpTimeoutException e) {
            throw new CommandException(url + " does not answer", e);
        } catch (IOException e) {
            throw new CommandException(url + " does not speak HTTP as expected: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
        if (response.statusCode() >= 300) {
            throw refused(response);
        }
        return response.body();
    }

    private CommandException refused(HttpResponse<String> response) {
        try {
            var problem = new JsonObject(response.body());
            var text = new StringBuilder(problem.getString("detail", "status " + response.statusCode()));
            if (response.statusCode() == 401) {
                text.append("; set VERTEBRA_TOKEN, or run as the user who started it");
            }
            return new CommandException(text.append(hints(problem)).toString());
        } catch (DecodeException | ClassCastException _) {
            return new CommandException(
                    url + " answered with status " + response.statusCode() + " and no problem of ours");
        }
    }

    /** What the verifier's findings advise. */
    private static String hints(JsonObject problem) {
        var text = new StringBuilder();
        var findings = problem.getJsonObject("report", new JsonObject()).getJsonArray("findings", new JsonArray());
        for (var finding : findings) {
            var hint = ((JsonObject) finding).getString("hint", "");
            if (!hint.isEmpty()) {
                text.append("; ").append(hint);
            }
        }
        return text.toString();
    }

    private Optional<String> token() throws CommandException {
        var given = System.getenv("VERTEBRA_TOKEN");
        if (given != null && !given.isBlank()) {
            return Optional.of(given.strip());
        }
        try {
            return RunFile.token(runFolder, port(), Role.AUTHOR);
        } catch (IOException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    private int port() {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equals(url.getScheme()) ? 443 : 80;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

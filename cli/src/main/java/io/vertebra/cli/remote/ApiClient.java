package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** The API of a running Vertebra. Not thread-safe. */
final class ApiClient implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final String JSON = "application/json";
    private static final String WHERE_TOKENS = "; set VERTEBRA_TOKEN, or run as the user who started it";

    private final Endpoint endpoint;
    private final HttpClient http;

    /** A client that has not connected. */
    ApiClient(Endpoint endpoint) throws CommandException {
        this.endpoint = endpoint;
        this.http = endpoint.http();
    }

    /** Opens the WebSocket beside the API. */
    WebSocket live(WebSocket.Listener listener) throws CommandException {
        var builder = http.newWebSocketBuilder().subprotocols("vertebra.v1");
        endpoint.token().ifPresent(token -> builder.header("authorization", "Bearer " + token));
        try {
            return builder.buildAsync(endpoint.live(), listener).join();
        } catch (CompletionException e) {
            throw switch (e.getCause()) {
                case WebSocketHandshakeException refused
                when refused.getResponse().statusCode() == 401 ->
                    new CommandException(endpoint.live() + ": the token is missing or unknown there" + WHERE_TOKENS, e);
                case WebSocketHandshakeException refused ->
                    new CommandException(
                            endpoint.live() + " answered with status "
                                    + refused.getResponse().statusCode(),
                            e);
                case ConnectException _ -> nobody(e);
                case IOException cause -> endpoint.failed(cause);
                default -> new CommandException(endpoint.live() + " cannot be opened: " + e.getCause(), e);
            };
        }
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
        var request = HttpRequest.newBuilder(endpoint.url().resolve("/api/v1/" + path))
                .timeout(ANSWER)
                .header("content-type", type)
                .method(method, BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        endpoint.token().ifPresent(token -> request.header("authorization", "Bearer " + token));
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), BodyHandlers.ofString());
        } catch (ConnectException e) {
            throw nobody(e);
        } catch (HttpTimeoutException e) {
            throw new CommandException(endpoint.url() + " does not answer", e);
        } catch (IOException e) {
            throw endpoint.failed(e);
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
                text.append(WHERE_TOKENS);
            }
            return new CommandException(text.append(hints(problem)).toString());
        } catch (DecodeException | ClassCastException _) {
            return new CommandException(
                    endpoint.url() + " answered with status " + response.statusCode() + " and no problem of ours");
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

    private CommandException nobody(Exception cause) {
        return new CommandException(
                "nothing listens at " + endpoint.url() + ": start Vertebra there, or name another --url", cause);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.Progress;
import io.vertebra.cli.option.Terminal;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The API of a running Vertebra. Not thread-safe. */
public final class ApiClient implements AutoCloseable {

    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final String JSON = "application/json";
    private static final String WHERE_TOKENS = "; set VERTEBRA_TOKEN, or run as the user who started it";

    private final Endpoint endpoint;
    private final HttpClient http;
    private final Supplier<Terminal> terminal;
    private final PrintWriter err;

    /**
     * A client that has not connected.
     *
     * @param err where it says what takes long
     */
    ApiClient(Endpoint endpoint, Supplier<Terminal> terminal, PrintWriter err) throws CommandException {
        this.endpoint = endpoint;
        this.http = endpoint.http();
        this.terminal = terminal;
        this.err = err;
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

    /** What a path answers, a list. */
    public JsonArray list(String path) throws CommandException {
        return new JsonArray(exchange("GET", path, JSON, new byte[0]));
    }

    /** What a path answers. */
    public JsonObject get(String path) throws CommandException {
        return new JsonObject(exchange("GET", path, JSON, new byte[0]));
    }

    /** Sends JSON; the answer's body is empty when there is nothing to say. */
    Optional<JsonObject> send(String method, String path, JsonObject body) throws CommandException {
        return answer(exchange(method, path, JSON, body.toBuffer().getBytes()));
    }

    /** Asks for a change that answers a list. */
    JsonArray sendForList(String method, String path) throws CommandException {
        return new JsonArray(exchange(method, path, JSON, new byte[0]));
    }

    /** Sends a body of another type. */
    Optional<JsonObject> send(String method, String path, String type, byte[] body, String... headers)
            throws CommandException {
        return answer(exchange(method, path, type, body, headers));
    }

    /** A path's part that somebody typed. */
    public static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Optional<JsonObject> answer(String body) {
        return body.isEmpty() ? Optional.empty() : Optional.of(new JsonObject(body));
    }

    /** Scheme, host and port. */
    public URI url() {
        return endpoint.url();
    }

    private String exchange(String method, String path, String type, byte[] body, String... headers)
            throws CommandException {
        var request = request(path)
                .timeout(ANSWER)
                .header("content-type", type)
                .method(method, BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (var _ = Progress.start(terminal, err, "waiting for " + endpoint.url())) {
            return text(send(request.build()));
        }
    }

    /** An answer that does not end, to be read line by line. */
    BufferedReader follow(String path, String... headers) throws CommandException {
        return new BufferedReader(
                new InputStreamReader(send(request(path).headers(headers).build()), StandardCharsets.UTF_8));
    }

    private String text(InputStream body) throws CommandException {
        try (body) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new CommandException(endpoint.url() + " broke its answer off: " + e.getMessage(), e);
        }
    }

    private HttpRequest.Builder request(String path) throws CommandException {
        var request = HttpRequest.newBuilder(endpoint.url().resolve("/api/v1/" + path));
        endpoint.token().ifPresent(token -> request.header("authorization", "Bearer " + token));
        return request;
    }

    private InputStream send(HttpRequest request) throws CommandException {
        try {
            var response = http.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() >= 300) {
                throw refused(response.statusCode(), text(response.body()));
            }
            return response.body();
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
    }

    private CommandException refused(int status, String body) {
        try {
            var problem = new JsonObject(body);
            var text = problem.getString("detail", "status " + status);
            if (status == 401) {
                text += WHERE_TOKENS;
            }
            return new CommandException(text, report(problem), members(problem));
        } catch (DecodeException | ClassCastException _) {
            return new CommandException(endpoint.url() + " answered with status " + status + " and no problem of ours");
        }
    }

    /** The verdicts of a rejected set's programs, as {@code vertebra verify} prints them; the problems of settings. */
    private static String report(JsonObject problem) {
        return Stream.concat(
                        problem.getJsonArray("programs", new JsonArray()).stream()
                                .map(program -> ((JsonObject) program).getString("text")),
                        problem.getJsonArray("problems", new JsonArray()).stream()
                                .map(String::valueOf))
                .collect(Collectors.joining("\n"));
    }

    /** What a problem says beside RFC 9457's own members. */
    private static JsonObject members(JsonObject problem) {
        var members = new JsonObject();
        for (var name : List.of("stage", "programs", "problems", "restart")) {
            if (problem.containsKey(name)) {
                members.put(name, problem.getValue(name));
            }
        }
        return members;
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

package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.connectors.LiveClient;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class HttpVerticleTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static Vertebra vertebra;

    @BeforeAll
    static void start() throws Exception {
        vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0));
        Gateway.load(vertebra);
        Gateway.exchanges(0, 1_000);
        Gateway.settle(vertebra);
    }

    @AfterAll
    static void stop() {
        vertebra.close();
    }

    @Test
    void shouldShowTheSameNumbersEverywhere() throws Exception {
        long ok = vertebra.accounts().stream()
                .filter(account -> account.hook().equals("gateway/response_sent"))
                .mapToLong(AttachmentAccount::ok)
                .sum();
        assertThat(ok).isEqualTo(1_000);
        assertThat(get("/metrics").body().lines())
                .contains(
                        "gateway_responses_total{route=\"users\"} 250.0",
                        "gateway_request_duration_seconds_count{route=\"files\"} 250",
                        "vertebra_codelet_runs_total{codelet=\"on_response\",codeletset=\"gateway\",hook=\"gateway/response_sent\",result=\"ok\"}"
                            + " 1000.0",
                        "vertebra_output_records_total{connector=\"live\",result=\"delivered\",stream=\"slow_requests\"}"
                            + " 1000.0");
        var accounts = new JsonObject(get("/api/v1/accounts").body());
        var live = find(accounts.getJsonArray("outputs"), "connector", "live");
        assertThat(live.getLong("emitted")).isEqualTo(1_000);
        assertThat(live.getLong("delivered")).isEqualTo(1_000);
        var response = find(accounts.getJsonArray("attachments"), "hook", "gateway/response_sent");
        assertThat(response.getLong("ok")).isEqualTo(1_000);
        try (var client = new LiveClient(vertebra.port())) {
            var overview = client.send("{\"type\":\"subscribe\",\"id\":1,\"overview\":true}")
                    .next("snapshot")
                    .getJsonObject("overview");
            assertThat(find(overview.getJsonArray("attachments"), "hook", "gateway/response_sent")
                            .getLong("ok"))
                    .isEqualTo(1_000);
            var entries = client.send("{\"type\":\"subscribe\",\"id\":2,\"map\":\"gateway/traffic\"}")
                    .next("snapshot")
                    .getJsonArray("entries");
            var first = entries.getJsonObject(0);
            assertThat(first.getJsonObject("labels").getString("route")).isEqualTo("users");
            assertThat(first.getJsonObject("value").getLong("responses")).isEqualTo(250);
        }
    }

    @Test
    void shouldListHooksSetsAndStreams() throws Exception {
        var hook = find(new JsonArray(get("/api/v1/hooks").body()), "name", "gateway/response_sent");
        assertThat(hook.getJsonArray("codelets").encode()).isEqualTo("[\"gateway/on_response\"]");
        var set = find(new JsonArray(get("/api/v1/codelet-sets").body()), "name", "gateway");
        assertThat(set.getString("state")).isEqualTo("attached");
        var stream = find(new JsonArray(get("/api/v1/streams").body()), "name", "slow_requests");
        assertThat(stream.getString("codelet_set")).isEqualTo("gateway");
    }

    @ParameterizedTest
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/app.js, text/javascript; charset=utf-8",
        "/style.css, text/css; charset=utf-8",
        "/icon.svg, image/svg+xml",
        "/vendor/uPlot-LICENSE.txt, text/plain; charset=utf-8",
        "/api/v1/hooks, application/json",
    })
    void shouldServe(String path, String type) throws Exception {
        var response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains(type);
        assertThat(response.headers().firstValue("x-content-type-options")).contains("nosniff");
    }

    @Test
    void shouldServeAPageThatNeedsNothingFromElsewhere() throws Exception {
        var outside = Pattern.compile("(https?:)?//[a-z0-9.-]+\\.[a-z]{2,}");
        var named = Pattern.compile("(?:src|href)=\"([^\"#]+)\"|from \"\\./([^\"]+)\"");
        var names = new ArrayList<>(List.of(""));
        int bytes = 0;
        for (int i = 0; i < names.size(); i++) {
            var name = names.get(i);
            var body = get("/" + name).body();
            bytes += body.getBytes(StandardCharsets.UTF_8).length;
            if (!name.startsWith("vendor/") && !name.equals("icon.svg")) { // a comment, a namespace
                assertThat(outside.matcher(body.replace("http://www.w3.org/2000/svg", ""))
                                .find())
                        .as(name)
                        .isFalse();
                named.matcher(body)
                        .results()
                        .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                        .filter(found -> !names.contains(found))
                        .forEach(names::add);
            }
        }
        assertThat(names).contains("app.js", "dom.js", "style.css", "vendor/uPlot.iife.min.js");
        assertThat(bytes).isLessThan(200_000);
    }

    @Test
    void shouldAnswerUnchangedFilesShortly() throws Exception {
        var tag = get("/").headers().firstValue("etag").orElseThrow();
        var request =
                HttpRequest.newBuilder(uri("/")).header("if-none-match", tag).build();
        assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(304);
    }

    @Test
    void shouldExplainErrorsAsProblems() throws Exception {
        assertProblem(get("/nothing/here"), 404);
        assertProblem(get("/../../etc/passwd"), 404);
        assertProblem(get("/ws"), 426);
        var post = HttpRequest.newBuilder(uri("/api/v1/hooks"))
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        assertProblem(CLIENT.send(post, BodyHandlers.ofString()), 405);
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example,,403",
        "127.0.0.1.evil.example,,403",
        "localhost,,200",
        "'[::1]:1',,200",
        "localhost,http://evil.example,403",
        "localhost,null,403",
        "localhost:1,http://localhost:2,403",
        "localhost:1,http://localhost:1,200",
    })
    void shouldKeepOtherSitesOut(String host, String origin, int status) throws Exception {
        var request = "GET /api/v1/hooks HTTP/1.1\r\nHost: " + host + "\r\n"
                + (origin == null ? "" : "Origin: " + origin + "\r\n") + "Connection: close\r\n\r\n";
        assertThat(raw(request)).startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void shouldWantTheSubProtocol() throws Exception {
        var request = "GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
        assertThat(raw(request + "\r\n")).startsWith("HTTP/1.1 400 ");
        assertThat(raw(request + "Sec-WebSocket-Protocol: other\r\n\r\n")).startsWith("HTTP/1.1 400 ");
        var good = request + "Sec-WebSocket-Protocol: vertebra.v1\r\n";
        assertThat(raw(good + "Origin: http://evil.example\r\n\r\n")).startsWith("HTTP/1.1 403 ");
    }

    @Test
    void shouldServeMetricsInTheFormatAskedFor() throws Exception {
        var request = HttpRequest.newBuilder(uri("/metrics"))
                .header("accept", "application/openmetrics-text; version=1.0.0")
                .build();
        var response = CLIENT.send(request, BodyHandlers.ofString());
        assertThat(response.headers().firstValue("content-type").orElseThrow())
                .startsWith("application/openmetrics-text");
        assertThat(response.body()).endsWith("# EOF\n");
    }

    private static void assertProblem(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        var problem = new JsonObject(response.body());
        assertThat(problem.getInteger("status")).isEqualTo(status);
        assertThat(problem.getString("detail")).isNotBlank();
    }

    private static String raw(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", vertebra.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            var line = new StringBuilder();
            int next;
            while ((next = socket.getInputStream().read()) > 0 && next != '\r') {
                line.append((char) next);
            }
            return line.toString();
        }
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + vertebra.port() + path);
    }

    private static JsonObject find(JsonArray array, String field, String value) {
        return array.stream()
                .map(JsonObject.class::cast)
                .filter(object -> value.equals(object.getString(field)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(field + " " + value + " is not in " + array));
    }
}

package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes a Vertebra whose hooks have fired; what it says by PromQL is what the API says. */
@Timeout(120)
class PrometheusTest {

    private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");
    private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int EXCHANGES = 1_000;

    @TempDir
    Path folder;

    private Vertebra vertebra;
    private Process prometheus;
    private int port;

    @BeforeEach
    void start() throws Exception {
        assumeThat(PROMETHEUS).as("Prometheus is not installed: skipped").exists();
        vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0));
        Gateway.load(vertebra);
        Gateway.exchanges(0, EXCHANGES);
        Gateway.settle(vertebra);
        try (var free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        var config = Files.writeString(folder.resolve("prometheus.yml"), """
            global: {scrape_interval: 1s, scrape_timeout: 1s}
            scrape_configs: [{job_name: vertebra, static_configs: [{targets: ["127.0.0.1:%d"]}]}]
            """.formatted(vertebra.port()));
        prometheus = new ProcessBuilder(
                        PROMETHEUS.toString(),
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + folder.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("prometheus.log").toFile())
                .start();
    }

    @AfterEach
    void stop() throws Exception {
        if (prometheus != null) {
            prometheus.destroy();
            prometheus.waitFor();
        }
        if (vertebra != null) {
            vertebra.close();
        }
    }

    @Test
    void shouldTellByPromqlWhatTheApiTells() throws Exception {
        for (var route : new String[] {"users", "orders", "search", "files"}) {
            assertThat(number("gateway_responses_total{route=\"" + route + "\"}"))
                    .isEqualTo(EXCHANGES / 4.0);
        }
        assertThat(number("sum(gateway_request_duration_seconds_count)")).isEqualTo(EXCHANGES);
        assertThat(number("vertebra_output_records_total{connector=\"live\",result=\"delivered\"}"))
                .isEqualTo(EXCHANGES);
        assertThat(number("vertebra_connector_lag_seconds{connector=\"live\"}")).isZero();
        assertThat(number("vertebra_connector_queue_bytes{connector=\"live\"}")).isZero();
        assertThat(number("vertebra_connector_queue_limit_bytes{connector=\"live\"}"))
                .isEqualTo(VertebraConfig.defaults().outputs().queueBytes());
        var offered = new JsonObject(get(vertebra.port(), "/api/v1/accounts"))
                .getJsonArray("attachments").stream()
                        .map(JsonObject.class::cast)
                        .filter(account -> account.getString("hook").startsWith("gateway/")) // intervals go on
                        .mapToLong(account -> account.getLong("offered"))
                        .sum();
        assertThat(number("sum(vertebra_events_offered_total{hook=~\"gateway/.*\"})"))
                .isEqualTo(offered);

        var median = "histogram_quantile(0.5, sum by (le) (gateway_request_duration_seconds_bucket))";
        var largest = "histogram_quantile(1, sum by (le) (gateway_request_duration_seconds_bucket))";
        assertThat(number(median)).isPositive().isLessThanOrEqualTo(number(largest));
        assertThat(number(largest)).isLessThan(60); // no exchange took a minute
    }

    @Test
    void shouldPassPromtool() throws Exception {
        assumeThat(PROMTOOL).as("promtool is not installed: skipped").exists();
        var page = Files.writeString(folder.resolve("page"), get(vertebra.port(), "/metrics"));
        var promtool = new ProcessBuilder(PROMTOOL.toString(), "check", "metrics")
                .redirectInput(page.toFile())
                .redirectErrorStream(true)
                .start();
        assertThat(new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(promtool.waitFor()).isZero();
    }

    /** The only value of a query, as soon as Prometheus has scraped. */
    private double number(String query) throws Exception {
        var path = "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
        var result = new JsonArray();
        while (result.isEmpty()) {
            try {
                result = new JsonObject(get(port, path)).getJsonObject("data").getJsonArray("result");
            } catch (IOException _) {
                assertThat(prometheus.isAlive())
                        .as(() -> text(folder.resolve("prometheus.log")))
                        .isTrue();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20)); // it starts, or scrapes
        }
        assertThat(result).as(query).hasSize(1);
        return Double.parseDouble(result.getJsonObject(0).getJsonArray("value").getString(1));
    }

    private static String get(int port, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        var response = HTTP.send(request, BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(path + ": " + response.statusCode());
        }
        return response.body();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}

package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.cli.option.Terminal;
import io.vertebra.connectors.KafkaBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path, on real sockets and a real broker: what the demo says must equal what came out at each end. */
class DemoTest {
    private static final Pattern LIVE_VIEW = Pattern.compile("live view http://127\\.0\\.0\\.1:(\\d+)/");
    private static final Pattern TO_KAFKA =
            Pattern.compile("slow_requests +-> kafka +emitted (\\d+) = delivered (\\d+) \\+ dropped 0 \\+ waiting 0");
    private static final Pattern RESPONSES =
            Pattern.compile("clients received (\\d+) responses, codelets counted (\\d+)");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void shouldAccountForEveryEventAndRecord(@TempDir Path folder) throws Exception {
        try (var broker = KafkaBroker.start(folder)) {
            var exit = CompletableFuture.supplyAsync(
                    () -> run("demo", "--seconds", "10", "--port", "0", "--kafka", broker.bootstrap()),
                    // not the common pool: on two cores it has one thread, which HTTP clients need too
                    task -> Thread.ofPlatform().start(task));
            int port = Integer.parseInt(await(LIVE_VIEW, exit).group(1));
            var record = firstSlowRequest(port).get(30, TimeUnit.SECONDS);
            var metrics = get(port, "/metrics");
            assertThat(get(port, "/api/v1/maps/gateway/delay_us"))
                    .contains("\"buckets\":{\"type\":\"exp2\",\"min\":0}");
            assertThat(get(port, "/api/v1/maps/gateway/traffic")).contains("\"buckets\":null");
            assertThat(get(port, "/api/v1/programs")) // a program has the maps that it uses, not all of its object
                    .containsPattern("\"name\":\"on_queued\"[^}]+\"map_ids\":\\[\\d+(,\\d+)?\\]");

            assertThat(exit.get(120, TimeUnit.SECONDS)).as(err.toString()).isZero();
            assertThat(record).contains("\"delay_us\"").contains("\"connection\"");
            assertThat(metrics)
                    .contains("# TYPE gateway_request_duration_seconds histogram")
                    .containsPattern("gateway_requests_total\\{route=\"users\"\\} [1-9]");
            assertThat(out.toString())
                    .contains("PASS on_request (", "@delay_us[before, orders]:", "@delay_us[steered, orders]:")
                    .endsWith("account: balanced\n");
            assertThat(out.toString().lines().filter(line -> line.contains(" dropped (")))
                    .isEmpty();
            var responses = find(RESPONSES);
            assertThat(responses.group(2)).isEqualTo(responses.group(1));
            var toKafka = find(TO_KAFKA);
            assertThat(toKafka.group(2)).isEqualTo(toKafka.group(1)).isNotEqualTo("0");
            assertThat(recordsIn(broker, "vertebra.slow_requests")).hasToString(toKafka.group(2));
            assertThat(Command.run("doctor", "--kafka", broker.bootstrap()).out())
                    .contains("OK    kafka      " + broker.bootstrap() + " answers\n");
        }
    }

    @Test
    void shouldRefuseAPortInUse() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var port = String.valueOf(taken.getLocalPort());

            assertThat(run("demo", "--seconds", "2", "--port", port)).isEqualTo(1);
            assertThat(err.toString()).startsWith("Error: ").contains(port).hasLineCount(1);
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void shouldRefuseABrokerThatIsNotThere() throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThat(run("demo", "--seconds", "2", "--port", "0", "--kafka", "127.0.0.1:" + port))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("Error: ")
                .contains("127.0.0.1:" + port)
                .hasLineCount(1);
    }

    @Test
    void shouldRefuseASetThatCannotBeLoaded(@TempDir Path folder) throws Exception {
        var set =
                Files.writeString(folder.resolve("broken.yaml"), "codeletset: broken\ncodelets: [{object: none.o}]\n");

        assertThat(run("demo", "--seconds", "2", "--port", "0", "--load", set.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("Error: ").contains("none.o").hasLineCount(1);
    }

    @Test
    void shouldExplainAWrongCommandLine() {
        assertThat(run("demo", "--seconds", "1")).isEqualTo(2);
        assertThat(run("demo", "--seconds", "soon")).isEqualTo(2);
        assertThat(run("dem")).isEqualTo(2);
        assertThat(err.toString()).contains("--seconds 1: allowed is 2 or more", "soon", "dem");
    }

    private int run(String... arguments) {
        return Main.run(() -> Terminal.NONE, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private java.util.regex.Matcher await(Pattern pattern, CompletableFuture<Integer> exit) throws Exception {
        for (int i = 0; i < 600 && !exit.isDone(); i++) {
            var matcher = pattern.matcher(out.toString());
            if (matcher.find()) {
                return matcher;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no `" + pattern + "` in: " + out + err);
    }

    private java.util.regex.Matcher find(Pattern pattern) {
        var matcher = pattern.matcher(out.toString());
        assertThat(matcher.find()).as("`%s` in: %s", pattern, out).isTrue();
        return matcher;
    }

    private String get(int port, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        return http.send(request.build(), BodyHandlers.ofString()).body();
    }

    /** Subscribes to the stream and completes with the first frame that holds a record. */
    private CompletableFuture<String> firstSlowRequest(int port) throws Exception {
        var found = new CompletableFuture<String>();
        var listener = new WebSocket.Listener() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                text.append(data);
                if (last) {
                    if (text.indexOf("\"delay_us\"") >= 0) {
                        found.complete(text.toString());
                    }
                    text.setLength(0);
                }
                socket.request(1);
                return null;
            }
        };
        var socket = http.newWebSocketBuilder()
                .subprotocols("vertebra.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws"), listener)
                .get(10, TimeUnit.SECONDS);
        socket.sendText("{\"type\":\"subscribe\",\"id\":1,\"stream\":\"slow_requests\",\"rate\":50}", true)
                .get(10, TimeUnit.SECONDS);
        return found;
    }

    private static long recordsIn(KafkaBroker broker, String topic) {
        var properties = Map.<String, Object>of("bootstrap.servers", broker.bootstrap(), "group.id", "test");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            long records = 0;
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                records += consumer.poll(Duration.ofMillis(200)).count();
            }
            return records;
        }
    }
}

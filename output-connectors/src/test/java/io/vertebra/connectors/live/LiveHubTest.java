package io.vertebra.connectors.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.Decoder;
import io.vertebra.config.Delivery;
import io.vertebra.config.MetricSpec.LabelSpec;
import io.vertebra.connectors.LiveClient;
import io.vertebra.connectors.TestMaps;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.metrics.KeyLabels;
import io.vertebra.connectors.spi.ConnectorQueue;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapType;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LiveHubTest {

    private static final StreamDescriptor SLOW = TestRecords.stream("slow");
    private static final StreamDescriptor RAW =
            new StreamDescriptor("raw", "set", "map", Delivery.BEST_EFFORT, List.of(), "", Btf.EMPTY, 0);

    private final Vertx vertx = Vertx.vertx();
    private final Source source = new Source();
    private final Server server = new Server();

    @BeforeEach
    void start() {
        join(vertx.deployVerticle(server));
    }

    @AfterEach
    void stop() {
        join(vertx.close());
    }

    @Test
    void shouldSendWhatWasThereAndThenWhatComes() throws Exception {
        publish(TestRecords.batch(SLOW, 0, 70));
        publish(TestRecords.batch(SLOW, 70, 70));
        try (var client = new LiveClient(server.port())) {
            client.send("{\"type\":\"subscribe\",\"id\":1,\"stream\":\"slow\"}");
            var snapshot = client.next();
            assertThat(snapshot.getString("type")).isEqualTo("snapshot");
            assertThat(sequences(snapshot))
                    .hasSize(100)
                    .startsWith(40L)
                    .endsWith(139L)
                    .isSorted();
            publish(TestRecords.batch(SLOW, 140, 2));
            var next = client.next();
            assertThat(next.encode())
                    .isEqualTo(
                            "{\"type\":\"next\",\"id\":1,\"records\":["
                                + "{\"sequence\":140,\"time\":1767225600000,\"value\":{\"connection\":140,\"route\":0,\"path\":\"/p0\"}},"
                                + "{\"sequence\":141,\"time\":1767225600000,\"value\":{\"connection\":141,\"route\":1,\"path\":\"/p1\"}}]}");
        }
    }

    @Test
    void shouldKeepToTheRateAndSayWhatWasSkipped() throws Exception {
        try (var client = new LiveClient(server.port())) {
            client.send("{\"type\":\"subscribe\",\"id\":1,\"stream\":\"slow\",\"rate\":5}")
                    .next("snapshot");
            publish(TestRecords.batch(SLOW, 0, 100));
            var next = client.next();
            assertThat(sequences(next)).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThat(next.getLong("skipped")).isEqualTo(95);
            assertThat(server.hub.accounts())
                    .containsExactly(
                            new OutputAccount("slow", "live-clients", 100, 5, Map.of(DropCause.RATE_LIMITED, 95L), 0));
        }
    }

    @Test
    void shouldLoseRecordsOfASlowClientOnly() throws Exception {
        int batches = 120;
        int size = 100;
        try (var slow = new LiveClient(server.port());
                var fast = new LiveClient(server.port())) {
            var subscribe = "{\"type\":\"subscribe\",\"id\":1,\"stream\":\"raw\",\"rate\":20000}";
            slow.send(subscribe).next("snapshot");
            fast.send(subscribe).next("snapshot");
            slow.pause();
            var record = Collections.nCopies(size, new byte[1024]);
            long fastReceived = 0;
            for (int i = 0; i < batches; i++) {
                publish(OutputBatch.of(RAW, (long) i * size, 0, record));
                while (fastReceived < (i + 1L) * size) {
                    fastReceived += sequences(fast.next("next")).size();
                }
            }
            long total = (long) batches * size;
            assertThat(fastReceived).isEqualTo(total);
            var before = server.hub.accounts().getFirst();
            assertThat(before.dropped()).containsOnlyKeys(DropCause.CLIENT_SLOW);
            assertThat(before.missing()).isZero();
            assertThat(before.emitted()).isEqualTo(2 * total);

            slow.resume();
            long received = 0;
            long lost = 0;
            while (received + lost < total) {
                var frame = slow.next();
                if (frame.getString("type").equals("lost")) {
                    lost += frame.getLong("count");
                } else {
                    received += sequences(frame).size();
                }
            }
            assertThat(received + lost).isEqualTo(total);
            assertThat(server.hub.accounts())
                    .containsExactly(new OutputAccount(
                            "raw",
                            "live-clients",
                            2 * total,
                            2 * total - lost,
                            Map.of(DropCause.CLIENT_SLOW, lost),
                            0));
        }
    }

    @Test
    void shouldSendMapsWithTheirLabels() throws Exception {
        source.map.update(TestMaps.key(1), TestMaps.words(1, 2, 3, 4, 1L << 60), BpfMap.ANY);
        try (var client = new LiveClient(server.port())) {
            client.send("{\"type\":\"subscribe\",\"id\":2,\"map\":\"set/delay\",\"interval_ms\":100}");
            var entries = client.next("snapshot").getJsonArray("entries");
            assertThat(entries.encode())
                    .isEqualTo("[{\"key\":1,\"labels\":{\"route\":\"orders\"},"
                            + "\"value\":{\"slots\":[1,2,3,4],\"sum\":\"1152921504606846976\"}}]");
            source.map.update(TestMaps.key(1), TestMaps.words(9, 2, 3, 4, 0), BpfMap.ANY);
            var slots = new JsonArray();
            while (!slots.equals(JsonArray.of(9, 2, 3, 4))) {
                var value = client.next("next")
                        .getJsonArray("entries")
                        .getJsonObject(0)
                        .getJsonObject("value");
                slots = value.getJsonArray("slots");
            }
        }
    }

    @Test
    void shouldSendTheOverviewWithRates() throws Exception {
        try (var client = new LiveClient(server.port())) {
            client.send("{\"type\":\"subscribe\",\"id\":3,\"overview\":true}");
            assertThat(client.next("snapshot").getJsonObject("overview").containsKey("time"))
                    .isTrue();
            source.offered.addAndGet(1_000_000);
            double rate = 0;
            while (rate <= 0) {
                var attachments = client.next("next").getJsonObject("overview").getJsonArray("attachments");
                rate = attachments.getJsonObject(0).getDouble("rate");
            }
        }
    }

    @Test
    void shouldAnswerNonsenseWithAnErrorAndStayThere() throws Exception {
        try (var client = new LiveClient(server.port())) {
            assertThat(error(client, "nonsense")).isEqualTo("message is not a JSON object");
            assertThat(error(client, "[1]")).isEqualTo("message is not a JSON object");
            assertThat(error(client, "{\"type\":7}")).startsWith("type `7`: allowed are");
            assertThat(error(client, "{\"type\":\"subscribe\",\"id\":-1}")).startsWith("id `-1`: allowed is");
            assertThat(error(client, "{\"type\":\"subscribe\",\"id\":1}")).startsWith("subscribe needs one of");
            assertThat(error(client, "{\"type\":\"subscribe\",\"id\":1,\"stream\":\"nope\"}"))
                    .isEqualTo("stream `nope` is unknown: known are [raw, slow]");
            assertThat(error(client, "{\"type\":\"subscribe\",\"id\":1,\"stream\":\"slow\",\"rate\":1e9}"))
                    .isEqualTo("rate `1.0E9`: allowed is a number up to 20000, above 0");
            assertThat(error(client, "{\"type\":\"subscribe\",\"id\":1,\"map\":\"no/map\"}"))
                    .isEqualTo("map `no/map` is unknown");
            assertThat(error(client, "{\"type\":\"complete\",\"id\":1}")).isEqualTo("no subscription has this id");
            client.send("{\"type\":\"subscribe\",\"id\":1,\"stream\":\"slow\"}").next("snapshot");
            assertThat(error(client, "{\"type\":\"subscribe\",\"id\":1,\"overview\":true}"))
                    .startsWith("id is in use");
            assertThat(client.send("{\"type\":\"ping\"}").next("pong")).isNotNull();
            assertThat(client.send("{\"type\":\"complete\",\"id\":1}")
                            .next("complete")
                            .getInteger("id"))
                    .isOne();
        }
    }

    @Test
    void shouldCloseAClientThatSendsTooMuchAndKeepTheOthers() throws Exception {
        try (var greedy = new LiveClient(server.port());
                var other = new LiveClient(server.port())) {
            greedy.send("\"" + "x".repeat(100_000) + "\"");
            assertThat(greedy.closeCode()).isPositive();
            assertThat(other.send("{\"type\":\"ping\"}").next("pong")).isNotNull();
        }
    }

    @Test
    void shouldCompleteSubscriptionsWhenItStops() throws Exception {
        try (var client = new LiveClient(server.port())) {
            client.send("{\"type\":\"subscribe\",\"id\":8,\"stream\":\"slow\"}").next("snapshot");
            publish(TestRecords.batch(SLOW, 0, 3));
            join(server.queue.close(Duration.ofSeconds(5)));
            assertThat(sequences(client.next("next"))).containsExactly(0L, 1L, 2L);
            assertThat(client.next("complete").getInteger("id")).isEqualTo(8);
            assertThat(client.closeCode()).isEqualTo(1001);
        }
    }

    private void publish(OutputBatch batch) {
        server.queue.offer(batch);
        while (server.queue.accounts().stream().anyMatch(account -> account.waiting() > 0)) {
            Thread.onSpinWait();
        }
    }

    private static String error(LiveClient client, String message) throws InterruptedException {
        return client.send(message).next("error").getString("message");
    }

    private static List<Long> sequences(JsonObject frame) {
        return frame.getJsonArray("records").stream()
                .map(record -> ((JsonObject) record).getLong("sequence"))
                .toList();
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    /** The hub behind a real server. */
    private final class Server extends VerticleBase {
        private LiveHub hub;
        private ConnectorQueue queue;
        private HttpServer http;

        @Override
        public Future<?> start() {
            hub = new LiveHub(vertx, source);
            queue = new ConnectorQueue("live", hub, context, 16 << 20);
            http = vertx.createHttpServer(new HttpServerOptions()
                            .setMaxWebSocketMessageSize(65536)
                            .addWebSocketSubProtocol(LiveHub.SUB_PROTOCOL))
                    .requestHandler(request -> request.toWebSocket().onSuccess(hub::accept));
            return http.listen(0, "127.0.0.1").compose(_ -> hub.start());
        }

        int port() {
            return http.actualPort();
        }
    }

    /** Two streams, one map, one attachment. */
    private static final class Source implements LiveSource {
        private final BpfMap map = TestMaps.histograms(MapType.HASH);
        private final AtomicLong offered = new AtomicLong();

        @Override
        public SortedSet<String> streams() {
            return new TreeSet<>(List.of("slow", "raw"));
        }

        @Override
        public View map(String path) {
            if (!path.equals("set/delay")) {
                throw new IllegalArgumentException("map `" + path + "` is unknown");
            }
            var route = new LabelSpec(
                    "route", List.of(new Decoder.StaticMap(Map.of("1", "orders"), false)), OptionalLong.empty());
            return new View(map, Optional.of(new KeyLabels(map.spec(), List.of(route))));
        }

        @Override
        public JsonObject overview() {
            var attachment = new JsonObject()
                    .put("codelet_set", "set")
                    .put("codelet", "c")
                    .put("hook", "h")
                    .put("execution", "queued")
                    .put("offered", offered.get());
            return new JsonObject()
                    .put("time", 1)
                    .put("attachments", JsonArray.of(attachment))
                    .put("outputs", new JsonArray());
        }
    }
}

package io.vertebra.connectors.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.Delivery;
import io.vertebra.connectors.LiveClient;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.live.LiveHub.Patience;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.Btf;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LiveHubTest {

    private static final StreamDescriptor SLOW = TestRecords.stream("slow");
    private static final StreamDescriptor RAW =
            new StreamDescriptor("raw", "set", "map", Delivery.BEST_EFFORT, List.of(), "", Btf.EMPTY, 0);

    private final LiveServer server = new LiveServer(new Patience(Duration.ofSeconds(30), Duration.ofSeconds(45)));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldSendWhatWasThereAndThenWhatComes() throws Exception {
        server.publish(TestRecords.batch(SLOW, 0, 70));
        server.publish(TestRecords.batch(SLOW, 70, 70));
        try (var client = new LiveClient(server.port())) {
            client.send("{\"type\":\"subscribe\",\"id\":1,\"stream\":\"slow\"}");
            var snapshot = client.next();
            assertThat(snapshot.getString("type")).isEqualTo("snapshot");
            assertThat(sequences(snapshot))
                    .hasSize(100)
                    .startsWith(40L)
                    .endsWith(139L)
                    .isSorted();
            server.publish(TestRecords.batch(SLOW, 140, 2));
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
            server.publish(TestRecords.batch(SLOW, 0, 100));
            var next = client.next();
            assertThat(sequences(next)).containsExactly(95L, 96L, 97L, 98L, 99L);
            assertThat(next.getLong("skipped")).isEqualTo(95);
            assertThat(server.hub().accounts())
                    .containsExactly(
                            new OutputAccount("slow", "live-clients", 100, 5, Map.of(DropCause.RATE_LIMITED, 95L), 0));
        }
    }

    @Test
    void shouldLoseRecordsOfASlowClientOnly() throws Exception {
        int batches = 20;
        int size = 600;
        try (var slow = new LiveClient(server.port());
                var fast = new LiveClient(server.port())) {
            var subscribe = "{\"type\":\"subscribe\",\"id\":1,\"stream\":\"raw\",\"rate\":20000}";
            slow.send(subscribe).next("snapshot");
            fast.send(subscribe).next("snapshot");
            slow.pause();
            var record = Collections.nCopies(size, new byte[1024]);
            long fastReceived = 0;
            for (int i = 0; i < batches; i++) {
                server.publish(OutputBatch.of(RAW, (long) i * size, 0, record));
                while (fastReceived < (i + 1L) * size) {
                    fastReceived += sequences(fast.next("next")).size();
                }
            }
            long total = (long) batches * size;
            assertThat(fastReceived).isEqualTo(total);
            var before = server.hub().accounts().getFirst();
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
            assertThat(server.hub().accounts())
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
    void shouldAnswerNonsenseWithAnErrorAndStayThere() throws Exception {
        try (var client = new LiveClient(server.port())) {
            assertThat(error(client, "nonsense")).isEqualTo("message is not a JSON object");
            assertThat(error(client, "[1]")).isEqualTo("message is not a JSON object");
            assertThat(error(client, "{\"type\":7}")).startsWith("type `7`: allowed are");
            assertThat(error(client, "{\"type\":\"subscribe\",\"id\":-1}")).startsWith("id `-1`: allowed is");
            assertThat(error(client, "{\"type\":\"subscribe\",\"id\":1}")).startsWith("subscribe needs one of");
            assertThat(error(client, "{\"type\":\"subscribe\",\"id\":1,\"stream\":\"slow\",\"map\":\"set/delay\"}"))
                    .startsWith("subscribe needs one of");
            assertThat(error(client, "{\"type\":\"subscribe\",\"id\":1,\"stream\":\"slow\",\"snapshot\":1001}"))
                    .isEqualTo("snapshot `1001`: allowed is a number up to 1000, at least 0");
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
    void shouldSendAsMuchOfThePastAsAskedFor() throws Exception {
        server.publish(TestRecords.batch(SLOW, 0, 70));
        server.publish(TestRecords.batch(SLOW, 70, 70));
        try (var client = new LiveClient(server.port())) {
            var subscribe = "{\"type\":\"subscribe\",\"id\":%d,\"stream\":\"slow\",\"snapshot\":%d}";
            assertThat(sequences(client.send(subscribe.formatted(1, 0)).next("snapshot")))
                    .isEmpty();
            assertThat(sequences(client.send(subscribe.formatted(2, 3)).next("snapshot")))
                    .containsExactly(137L, 138L, 139L);
            assertThat(sequences(client.send(subscribe.formatted(3, 1000)).next("snapshot")))
                    .hasSize(140);
        }
    }

    /** A snapshot is one message, so what does not fit is left out. */
    @Test
    void shouldBoundTheMessageOfASnapshot() throws Exception {
        server.publish(OutputBatch.of(RAW, 0, 0, Collections.nCopies(200, new byte[1024])));
        try (var client = new LiveClient(server.port())) {
            var snapshot = client.send("{\"type\":\"subscribe\",\"id\":1,\"stream\":\"raw\",\"snapshot\":1000}")
                    .next("snapshot");
            assertThat(sequences(snapshot)).hasSizeBetween(100, 130).endsWith(199L);
            assertThat(snapshot.encode().length()).isLessThan(256 * 1024 + 100);
        }
    }

    @Test
    void shouldEncodeARecordOnceForAllClients() {
        var batch = new LoggedBatch(TestRecords.batch(SLOW, 5, 2), 0);
        assertThat(batch.text(1)).startsWith("{\"sequence\":6,").isSameAs(batch.text(1));
        var log = new StreamLog();
        log.append(TestRecords.batch(SLOW, 0, 10));
        var range = new StreamLog.Range(3, 10);
        assertThat(log.piece(range)).isSameAs(log.piece(range));
        assertThat(log.piece(range).end()).isEqualTo(10);
    }

    /** The end of a set is the end of what clients follow of it; the id is free again then. */
    @Test
    void shouldCompleteWhatIsGone() throws Exception {
        try (var client = new LiveClient(server.port())) {
            var subscribe = "{\"type\":\"subscribe\",\"id\":4,\"stream\":\"slow\"}";
            client.send(subscribe).next("snapshot");
            server.publish(TestRecords.batch(SLOW, 0, 3));
            server.source.streams.remove("slow");
            assertThat(sequences(client.next("next"))).containsExactly(0L, 1L, 2L);
            var complete = client.next("complete");
            assertThat(complete.getInteger("id")).isEqualTo(4);
            assertThat(complete.getString("reason"))
                    .isEqualTo("stream `slow` is gone: its set was unloaded or replaced");
            assertThat(error(client, subscribe)).isEqualTo("stream `slow` is unknown: known are [raw]");
            server.source.streams.add("slow");
            assertThat(sequences(client.send(subscribe).next("snapshot"))).isEmpty();
            server.publish(TestRecords.batch(SLOW, 3, 1));
            assertThat(sequences(client.next("next"))).containsExactly(3L);
            assertThat(server.hub().accounts())
                    .containsExactly(new OutputAccount("slow", "live-clients", 4, 4, Map.of(), 0));
        }
    }

    @Test
    void shouldCompleteSubscriptionsWhenItStops() throws Exception {
        try (var client = new LiveClient(server.port())) {
            client.send("{\"type\":\"subscribe\",\"id\":8,\"stream\":\"slow\"}").next("snapshot");
            server.publish(TestRecords.batch(SLOW, 0, 3));
            LiveServer.join(server.queue().close(Duration.ofSeconds(5)));
            assertThat(sequences(client.next("next"))).containsExactly(0L, 1L, 2L);
            assertThat(client.next("complete").encode())
                    .isEqualTo("{\"type\":\"complete\",\"id\":8,\"reason\":\"server stops\"}");
            assertThat(client.closeCode()).isEqualTo(1001);
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
}

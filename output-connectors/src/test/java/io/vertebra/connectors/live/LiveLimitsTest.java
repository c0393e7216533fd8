package io.vertebra.connectors.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.Delivery;
import io.vertebra.connectors.LiveClient;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.live.LiveHub.Patience;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.Btf;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that are many, slow, stuck or hostile; an honest one is served at the same time. */
@Timeout(120)
class LiveLimitsTest {

    private static final StreamDescriptor SLOW = TestRecords.stream("slow");
    private static final StreamDescriptor RAW =
            new StreamDescriptor("raw", "set", "map", Delivery.BEST_EFFORT, List.of(), "", Btf.EMPTY, 0);
    private static final int STUCK = 5;
    private static final int BATCH = 500;
    private static final String PING = "{\"type\":\"ping\"}";

    private final HttpClient http = HttpClient.newHttpClient();
    private final LiveServer server = new LiveServer(new Patience(Duration.ofMillis(700), Duration.ofSeconds(60)));
    private final LiveClient honest = client();

    @AfterEach
    void shouldServeTheOthers() throws Exception {
        assertThat(honest.send(PING).next("pong")).isNotNull();
        honest.close();
        server.close();
        http.shutdownNow();
    }

    @Test
    void shouldSendTheSameToManyClients() throws Exception {
        var clients = clients(200);
        for (var client : clients) {
            client.send("{\"type\":\"subscribe\",\"id\":1,\"stream\":\"slow\"}")
                    .send("{\"type\":\"subscribe\",\"id\":2,\"overview\":true}");
        }
        for (var client : clients) {
            assertThat(client.next("snapshot").getInteger("id")).isEqualTo(1);
            assertThat(client.next("snapshot").getInteger("id")).isEqualTo(2);
        }
        server.publish(TestRecords.batch(SLOW, 0, 50));
        for (var client : clients) {
            assertThat(records(client)).hasSize(50);
        }
        var account = server.hub().accounts().getFirst();
        assertThat(account.delivered()).isEqualTo(200 * 50);
        assertThat(account.missing()).isZero();
        clients.forEach(LiveClient::close);
    }

    @Test
    void shouldRefuseClientsBeyondTheLimit() throws Exception {
        var clients = clients(LiveServer.MOST_CLIENTS - 1);
        clients.getLast().send(PING).next("pong"); // all are there
        try (var late = client()) {
            assertThat(late.closeCode()).isEqualTo(1013);
        }
        assertThat(server.hub().clients().closed()).containsEntry(CloseCause.TOO_MANY_CLIENTS, 1L);
        clients.forEach(LiveClient::close);
        while (server.hub().clients().connected() > 1) {
            Thread.sleep(1); // ends when the time limit interrupts it
        }
        try (var next = client()) {
            next.send(PING).next("pong");
        }
    }

    /** Clients that read nothing lose records, and after a while their connection; the account balances all the time. */
    @Test
    void shouldCloseClientsThatAreStuck() throws Exception {
        var subscribe = "{\"type\":\"subscribe\",\"id\":1,\"stream\":\"raw\",\"rate\":20000}";
        var stuck = clients(STUCK);
        for (var client : stuck) {
            client.send(subscribe).next("snapshot");
            client.pause();
        }
        honest.send(subscribe).next("snapshot");
        var record = Collections.nCopies(BATCH, new byte[1024]);
        long sent = 0;
        long received = 0;
        while (!server.hub().clients().closed().equals(Map.of(CloseCause.STUCK, (long) STUCK))) {
            server.publish(OutputBatch.of(RAW, sent, 0, record));
            sent += BATCH;
            while (received < sent) {
                received += accounted(honest.next());
            }
            assertThat(server.hub().accounts().getFirst().missing()).isZero();
        }
        while (server.hub().clients().connected() > 1) {
            Thread.sleep(1); // ends when the time limit interrupts it
        }
        var account = server.hub().accounts().getFirst();
        assertThat(account.dropped()).containsKeys(DropCause.CLIENT_SLOW);
        assertThat(account.waiting()).isZero();
        stuck.forEach(LiveClient::close);
    }

    @Test
    void shouldCloseClientsThatDoNotAnswer() throws Exception {
        try (var strict = new LiveServer(new Patience(Duration.ofSeconds(60), Duration.ofMillis(300)));
                var client = new LiveClient(strict.port())) {
            client.send(PING).next("pong");
            client.pause();
            while (!strict.hub().clients().closed().equals(Map.of(CloseCause.SILENT, 1L))) {
                Thread.sleep(1); // ends when the time limit interrupts it
            }
        }
    }

    /** What is sent to it is not read as long as it does not read the answers. */
    @Test
    void shouldAnswerOnlyWhoReads() throws Exception {
        try (var client = client()) {
            client.send("{\"type\":\"subscribe\",\"id\":1,\"overview\":true}").next("snapshot");
            client.pause();
            for (int i = 0; i < 900; i++) {
                client.send(PING);
            }
            client.resume();
            for (int i = 0; i < 900; i++) {
                client.next("pong");
            }
        }
    }

    @Test
    void shouldCloseWhoSendsTooManyMessages() throws Exception {
        try (var client = client()) {
            int sent = 0;
            while (!server.hub().clients().closed().containsKey(CloseCause.TOO_MANY_MESSAGES) && sent++ < 100_000) {
                client.trySend(PING);
            }
            assertThat(client.closeCode()).isEqualTo(1008);
        }
        try (var client = client()) {
            var empty = ByteBuffer.allocate(0);
            int sent = 0;
            while (server.hub().clients().closed().get(CloseCause.TOO_MANY_MESSAGES) < 2 && sent++ < 100_000) {
                client.tryPing(empty);
            }
            assertThat(client.closeCode()).isEqualTo(1008);
        }
    }

    @Test
    void shouldCloseWhoSendsWhatIsNoMessage() throws Exception {
        try (var client = client()) {
            client.sendBinary(ByteBuffer.allocate(10));
            assertThat(client.closeCode()).isEqualTo(1003);
        }
        try (var client = client()) {
            client.send("\"" + "x".repeat(100_000) + "\"");
            assertThat(client.closeCode()).isIn(1006, 1009);
        }
        try (var client = client()) {
            for (int i = 0; i < 10; i++) {
                client.sendPart("x".repeat(10_000));
            }
            assertThat(client.closeCode()).isEqualTo(1009);
        }
    }

    @Test
    void shouldReadMessagesInParts() throws Exception {
        try (var client = client()) {
            client.sendPart("{\"type\":");
            assertThat(client.send("\"ping\"}").next("pong")).isNotNull();
        }
    }

    @Test
    void shouldRefuseWhatIsHardToParse() throws Exception {
        try (var client = client()) {
            for (var message : List.of(
                    "[".repeat(60_000),
                    "{\"a\":".repeat(10_000),
                    "{\"type\":\"complete\",\"id\":" + "9".repeat(10_000) + "}",
                    "{\"type\":\"complete\",\"id\":1e99999999}",
                    "{\"type\":\"subscribe\",\"id\":1,\"stream\":\"raw\",\"rate\":1e99999999}",
                    "{\"type\":\"" + "y".repeat(60_000) + "\"}",
                    "null",
                    "")) {
                assertThat(client.send(message).next().getString("type"))
                        .as(message.substring(0, Math.min(20, message.length())))
                        .isEqualTo("error");
            }
            for (int id = 0; id < 64; id++) {
                client.send("{\"type\":\"subscribe\",\"id\":" + id + ",\"overview\":true}")
                        .next("snapshot");
            }
            assertThat(client.send("{\"type\":\"subscribe\",\"id\":64,\"overview\":true}")
                            .next("error")
                            .encode())
                    .isEqualTo("{\"type\":\"error\",\"id\":64,\"message\":\"too many subscriptions: at most 64\"}");
            assertThat(client.send("{\"type\":\"complete\",\"id\":5}")
                            .next("complete")
                            .getInteger("id"))
                    .isEqualTo(5);
            client.send("{\"type\":\"subscribe\",\"id\":5,\"overview\":true}").next("snapshot");
        }
    }

    private LiveClient client() {
        return new LiveClient(http, URI.create("ws://127.0.0.1:" + server.port() + "/ws"));
    }

    private List<LiveClient> clients(int count) {
        var clients = new ArrayList<LiveClient>();
        for (int i = 0; i < count; i++) {
            clients.add(client());
        }
        return clients;
    }

    /** Records that a frame brings or tells the end of. */
    private static long accounted(JsonObject frame) {
        return frame.getLong("count", 0L)
                + frame.getLong("skipped", 0L)
                + frame.getJsonArray("records", new JsonArray()).size();
    }

    private static List<?> records(LiveClient client) throws InterruptedException {
        return client.next("next").getJsonArray("records").getList();
    }
}

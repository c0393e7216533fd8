package io.vertebra.connectors.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.connectors.LiveClient;
import io.vertebra.connectors.TestMaps;
import io.vertebra.connectors.live.LiveHub.Patience;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Maps and the overview: whole once, then what changed. */
@Timeout(120)
class LiveFeedTest {

    private static final String MAP = "{\"type\":\"subscribe\",\"id\":%d,\"map\":\"set/delay\",\"interval_ms\":100}";
    private static final String OVERVIEW = "{\"type\":\"subscribe\",\"id\":3,\"overview\":true}";

    private final LiveServer server = new LiveServer(new Patience(Duration.ofSeconds(30), Duration.ofSeconds(45)));

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldSendOnlyTheEntriesThatChanged() throws Exception {
        put(1, 1);
        put(2, 2);
        try (var client = new LiveClient(server.port())) {
            var entries = client.send(MAP.formatted(2)).next("snapshot").getJsonArray("entries");
            assertThat(entries.encode())
                    .contains("{\"key\":1,\"labels\":{\"route\":\"orders\"},"
                            + "\"value\":{\"slots\":[1,2,3,4],\"sum\":\"1152921504606846976\"}}");
            assertThat(entries).hasSize(2);
            put(2, 9);
            var change = changed(client);
            assertThat(change.getJsonArray("entries")).hasSize(1);
            assertThat(change.getJsonArray("entries")
                            .getJsonObject(0)
                            .getJsonObject("value")
                            .getJsonArray("slots"))
                    .isEqualTo(JsonArray.of(9, 2, 3, 4));
            assertThat(change.containsKey("removed")).isFalse();
            server.source.map.delete(TestMaps.key(1));
            change = changed(client);
            assertThat(change.getJsonArray("entries")).isEmpty();
            assertThat(change.getJsonArray("removed")).isEqualTo(JsonArray.of(1));
        }
    }

    /** The map of a replaced set is another under the same name; without one the subscription is over. */
    @Test
    void shouldFollowTheNameOfAMap() throws Exception {
        put(1, 1);
        try (var client = new LiveClient(server.port())) {
            assertThat(client.send(MAP.formatted(2)).next("snapshot").getJsonArray("entries"))
                    .hasSize(1);
            var other = TestMaps.histograms(MapType.HASH);
            other.update(TestMaps.key(7), TestMaps.words(1, 2, 3, 4, 5), BpfMap.ANY);
            server.source.map = other;
            var change = changed(client);
            assertThat(change.getJsonArray("entries").getJsonObject(0).getInteger("key"))
                    .isEqualTo(7);
            assertThat(change.getJsonArray("removed")).isEqualTo(JsonArray.of(1));
            server.source.map = null;
            assertThat(client.next("complete").encode())
                    .isEqualTo("{\"type\":\"complete\",\"id\":2,\"reason\":\"map `set/delay` is unknown\"}");
            var refused = client.send(MAP.formatted(2)).next("error");
            assertThat(refused.getInteger("id")).isEqualTo(2);
            server.source.map = other;
            assertThat(client.send(MAP.formatted(2)).next("snapshot").getJsonArray("entries"))
                    .hasSize(1);
        }
    }

    @Test
    void shouldSendOnlyTheRowsThatChanged() throws Exception {
        try (var client = new LiveClient(server.port())) {
            var whole = client.send(OVERVIEW).next("snapshot").getJsonObject("overview");
            assertThat(whole.fieldNames())
                    .containsExactlyInAnyOrder("time", "source", "attachments", "outputs", "hooks");
            assertThat(whole.getJsonArray("attachments").getJsonObject(1).getString("id"))
                    .isEqualTo("set/d/h/queued");

            server.source.attachments =
                    JsonArray.of(LiveServer.Source.attachment("c", 1_000_000), LiveServer.Source.attachment("e", 0));
            var next = client.next("next");
            while (next.getJsonObject("rows").isEmpty()) {
                next = client.next("next");
            }
            assertThat(next.getJsonObject("overview").fieldNames()).containsExactly("time");
            assertThat(next.getJsonObject("rows").fieldNames()).containsExactly("attachments");
            var attachments = next.getJsonObject("rows").getJsonObject("attachments");
            assertThat(attachments.getJsonArray("removed")).isEqualTo(JsonArray.of("set/d/h/queued"));
            var changed = attachments.getJsonArray("changed");
            assertThat(changed).hasSize(2);
            assertThat(changed.getJsonObject(0).getString("id")).isEqualTo("set/c/h/queued");
            assertThat(changed.getJsonObject(0).getDouble("rate")).isPositive();
        }
    }

    /** Rows without names are no rows. */
    @Test
    void shouldSendWholeWhatHasNoIds() throws Exception {
        server.source.hooks = JsonArray.of(1, 2);
        try (var client = new LiveClient(server.port())) {
            var whole = client.send(OVERVIEW).next("snapshot").getJsonObject("overview");
            assertThat(whole.getJsonArray("hooks")).isEqualTo(JsonArray.of(1, 2));
            server.source.hooks = JsonArray.of(1, 2, 3);
            var next = client.next("next").getJsonObject("overview");
            while (!next.containsKey("hooks")) {
                next = client.next("next").getJsonObject("overview");
            }
            assertThat(next.getJsonArray("hooks")).isEqualTo(JsonArray.of(1, 2, 3));
        }
    }

    /** Who comes later sees the same as who has merged all changes. */
    @Test
    void shouldTellTheSameToAllClients() throws Exception {
        put(1, 1);
        var http = HttpClient.newHttpClient();
        var address = URI.create("ws://127.0.0.1:" + server.port() + "/ws");
        try (var first = new LiveClient(http, address);
                var second = new LiveClient(http, address)) {
            first.send(MAP.formatted(1)).next("snapshot");
            put(2, 2);
            changed(first);
            assertThat(second.send(MAP.formatted(1)).next("snapshot").getJsonArray("entries"))
                    .hasSize(2);
            put(3, 3);
            var change = changed(first);
            var same = changed(second);
            while (!same.getJsonArray("entries").equals(change.getJsonArray("entries"))) {
                same = changed(second);
            }
            assertThat(same).isEqualTo(change);
        }
    }

    private void put(int key, long first) {
        server.source.map.update(TestMaps.key(key), TestMaps.words(first, 2, 3, 4, 1L << 60), BpfMap.ANY);
    }

    private static JsonObject changed(LiveClient client) throws InterruptedException {
        var next = client.next("next");
        while (next.getJsonArray("entries").isEmpty() && !next.containsKey("removed")) {
            next = client.next("next");
        }
        return next;
    }
}

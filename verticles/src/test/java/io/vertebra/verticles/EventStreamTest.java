package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.HttpSettings;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes as server-sent events. */
@Timeout(60)
class EventStreamTest {

    /** How many events are kept. */
    private static final int KEPT = 1_000;

    /** Fewer than may wait for the server's thread. */
    private static final int AT_A_TIME = 10;

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private Vertebra vertebra;
    private CodeletSet set;
    private ApiClient api;

    @BeforeEach
    void start() throws Exception {
        assertThat(ProbeHooks.HOOKS.choose(0, 0)).isEqualTo(-1);
        var settings = HttpSettings.defaults().withPort(0).withRunFolder(folder.resolve("run"));
        vertebra = Vertebra.start(VertebraConfig.defaults().withCores(1).withHttp(settings));
        Files.copy(ApiClient.OBJECTS.resolve("tally.bpf.o"), folder.resolve("tally.bpf.o"));
        var descriptor = "codeletset: tally\ncodelets: [{object: tally.bpf.o, execution: inline}]\n";
        set = vertebra.load(Files.writeString(folder.resolve("tally.yaml"), descriptor));
        api = new ApiClient(vertebra, "");
    }

    @AfterEach
    void stop() {
        api.close();
        vertebra.close();
        http.close();
    }

    @Test
    void shouldTellOfEventsAsTheyCome() throws Exception {
        try (var client = follow("")) {
            assertThat(client.next()).isEqualTo(new Message("loaded", 1));
            set.disable();
            assertThat(client.next()).isEqualTo(new Message("disabled", 2));
            set.enable();
            assertThat(client.next()).isEqualTo(new Message("enabled", 3));
        }
    }

    @Test
    void shouldGoOnWhereAClientWas() throws Exception {
        String id;
        try (var client = follow("")) {
            client.next();
            id = client.id;
        }
        set.disable();
        set.enable();
        try (var again = follow(id)) {
            assertThat(again.next()).isEqualTo(new Message("disabled", 2));
            assertThat(again.next()).isEqualTo(new Message("enabled", 3));
            set.unload();
            assertThat(again.next()).isEqualTo(new Message("unloaded", 4));
        }
    }

    @Test
    void shouldCountWhatIsNotKeptAnyMore() throws Exception {
        String id;
        try (var client = follow("")) {
            client.next();
            id = client.id;
        }
        for (int i = 0; i < KEPT + 10; i += AT_A_TIME) {
            IntStream.range(i, i + AT_A_TIME).mapToObj(this::update).toList().forEach(CompletableFuture::join);
        }
        try (var again = follow(id)) {
            assertThat(again.next()).isEqualTo(new Message("lost", 10));
            assertThat(again.next()).isEqualTo(new Message("map_updated", 12));
            again.skip(KEPT - 2);
            assertThat(again.next()).isEqualTo(new Message("map_updated", 11 + KEPT));
        }
        try (var fresh = follow("")) {
            assertThat(fresh.next()).isEqualTo(new Message("map_updated", 12));
        }
    }

    @Test
    void shouldTellThatAnotherStartsEventsAreLost() throws Exception {
        try (var client = follow("abc-17")) {
            assertThat(client.next()).isEqualTo(new Message("lost", 0));
            assertThat(client.next()).isEqualTo(new Message("loaded", 1));
        }
        var refused = http.send(request("17").build(), BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(400);
        api.contract().check(refused);
    }

    private CompletableFuture<Void> update(int events) {
        var body = "{\"key\": 0, \"value\": {\"events\": " + events + ", \"bytes\": 0}}";
        var request = HttpRequest.newBuilder(URI.create(vertebra.url() + "/api/v1/maps/tally/tallies/entries"))
                .header("authorization", "Bearer " + vertebra.token("operator"))
                .PUT(BodyPublishers.ofString(body));
        return http.sendAsync(request.build(), BodyHandlers.discarding())
                .thenAccept(answer -> assertThat(answer.statusCode()).isEqualTo(204));
    }

    /**
     * One event.
     *
     * @param number its sequence number; of {@code lost}, the count, 0 for an unknown one
     */
    private record Message(String event, long number) {}

    private HttpRequest.Builder request(String id) {
        var request = HttpRequest.newBuilder(URI.create(vertebra.url() + "/api/v1/events"))
                .header("accept", "text/event-stream");
        return id.isEmpty() ? request : request.header("last-event-id", id);
    }

    private Client follow(String id) throws Exception {
        var response = http.send(request(id).build(), BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("content-type")).contains("text/event-stream");
        return new Client(new BufferedReader(new InputStreamReader(response.body())));
    }

    /** Reads what it is sent, and checks it against the API's description. */
    private final class Client implements AutoCloseable {
        private final BufferedReader lines;
        private String id = "";

        Client(BufferedReader lines) {
            this.lines = lines;
        }

        /** Reads on without a look at what events are, but that each is the next one. */
        void skip(int events) throws IOException {
            long number = Long.parseLong(id.substring(id.indexOf('-') + 1));
            for (long last = number + events; number < last; ) {
                var line = lines.readLine();
                if (line.startsWith("id: ")) {
                    assertThat(line).endsWith("-" + (number + 1));
                } else if (line.startsWith("data: ")) {
                    number++;
                }
            }
        }

        Message next() {
            try {
                var event = "";
                for (var line = lines.readLine(); ; line = lines.readLine()) {
                    if (line.startsWith("id: ")) {
                        id = line.substring("id: ".length());
                    } else if (line.startsWith("event: ")) {
                        event = line.substring("event: ".length());
                    } else if (line.startsWith("data: ")) {
                        return message(event, line.substring("data: ".length()));
                    }
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        private Message message(String event, String data) throws Exception {
            api.contract().check(event.equals("lost") ? "Lost" : "Event", data);
            var json = new JsonObject(data);
            if (event.equals("lost")) {
                return new Message(event, json.getValue("count") == null ? 0 : json.getLong("count"));
            }
            assertThat(id).endsWith("-" + json.getLong("sequence"));
            assertThat(json.getString("event")).isEqualTo(event);
            return new Message(event, json.getLong("sequence"));
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}

package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.connectors.LiveClient;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples and the client in {@code docs/live-protocol.md}, taken literally. */
@Timeout(120)
class LiveProtocolDocTest {

    private static final Path DOCUMENT = Path.of("../docs/live-protocol.md");

    @TempDir
    Path folder;

    private static Vertebra vertebra;
    private static Thread traffic;
    private static final AtomicBoolean stopped = new AtomicBoolean();

    @BeforeAll
    static void start() throws Exception {
        vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0));
        Gateway.load(vertebra);
        Gateway.exchanges(0, 2_000);
        Gateway.settle(vertebra);
        traffic = Thread.ofPlatform().start(() -> {
            while (!stopped.get()) {
                Gateway.exchange(0, 0, 1_000_000);
            }
        });
    }

    @AfterAll
    static void stop() throws Exception {
        stopped.set(true);
        traffic.join();
        vertebra.close();
    }

    /** What is behind {@code >} is sent; what is behind {@code <} comes, with the same members. */
    @Test
    void shouldAnswerAsTheExamplesSay() throws Exception {
        int examples = 0;
        try (var client = new LiveClient(vertebra.port())) {
            for (var line : Files.readAllLines(DOCUMENT)) {
                if (line.startsWith("> ")) {
                    client.send(line.substring(2));
                } else if (line.startsWith("< ")) {
                    var told = new JsonObject(line.substring(2));
                    var came = client.next(told.getString("type"), told.getInteger("id"));
                    assertThat(came.fieldNames()).as(line + "\ncame " + came).containsAll(told.fieldNames());
                    for (var array : new String[] {"records", "entries"}) {
                        if (told.containsKey(array)) {
                            assertThat(members(came, array)).as("came " + came).isEqualTo(members(told, array));
                        }
                    }
                    examples++;
                }
            }
        }
        assertThat(examples).isGreaterThanOrEqualTo(9);
    }

    @Test
    void shouldFollowAStreamWithTheClient() throws Exception {
        var blocks = Pattern.compile("```java\n(// Follow\\.java\n.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCUMENT));
        assertThat(blocks.find()).isTrue();
        var program = Files.writeString(folder.resolve("Follow.java"), blocks.group(1));
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        program.toString(),
                        "ws://127.0.0.1:" + vertebra.port() + "/ws",
                        "slow_requests")
                .redirectErrorStream(true)
                .start();
        try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(new JsonObject(lines.readLine()).getString("type")).isEqualTo("snapshot");
            var next = new JsonObject(lines.readLine());
            assertThat(next.getString("type")).isEqualTo("next");
            assertThat(next.getJsonArray("records")).isNotEmpty();
        } finally {
            process.destroy();
        }
    }

    private static String members(JsonObject frame, String array) {
        var first = frame.getJsonArray(array).getJsonObject(0);
        var value = first.getJsonObject("value");
        return first.fieldNames() + " " + value.fieldNames();
    }
}

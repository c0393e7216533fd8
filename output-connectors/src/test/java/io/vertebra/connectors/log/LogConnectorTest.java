package io.vertebra.connectors.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.config.LogSettings;
import io.vertebra.connectors.ChildJvm;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorContractTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogConnectorTest extends ConnectorContractTest {

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("records.ndjson");
    }

    @Override
    protected Connector connector(ConnectorContext context) {
        return new LogConnectorFactory().create(context, LogSettings.to(file()));
    }

    @Override
    protected Connector withoutDestination(ConnectorContext context) {
        return new LogConnectorFactory().create(context, LogSettings.to(folder.resolve("none/records.ndjson")));
    }

    @Override
    protected List<Long> arrived(String stream) throws Exception {
        return lines(file()).stream()
                .filter(event -> event.getString("type").equals("io.vertebra." + stream))
                .map(event -> event.getJsonObject("data").getLong("connection"))
                .toList();
    }

    private static List<JsonObject> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream().map(JsonObject::new).toList();
    }

    private Connector started(LogSettings settings) throws Exception {
        var connector = new LogConnectorFactory().create(new ConnectorContext("log", vertx, "/jvm/test/1"), settings);
        get(connector.start());
        return connector;
    }

    @Test
    void shouldWriteCloudEventsAsJson() throws Exception {
        var connector = started(LogSettings.to(file()));
        get(connector.write(TestRecords.batch(TestRecords.stream("events"), 42, 1)));
        get(connector.stop(Duration.ofSeconds(5)));
        assertThat(Files.readString(file()))
                .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"events/42\",\"source\":\"/jvm/test/1/test-set\","
                        + "\"type\":\"io.vertebra.events\",\"time\":\"2026-01-01T00:00:00Z\","
                        + "\"data\":{\"connection\":42,\"route\":2,\"path\":\"/p2\"}}\n");
    }

    @Test
    void shouldKeepGenerations() throws Exception {
        var connector = started(new LogSettings(Optional.of(file()), 10_000, 2));
        for (int i = 0; i < 40; i++) {
            get(connector.write(TestRecords.batch(TestRecords.stream("turns"), 10L * i, 10)));
        }
        get(connector.stop(Duration.ofSeconds(5)));
        List<Long> kept = new ArrayList<>();
        for (var name : List.of("records.ndjson.2", "records.ndjson.1", "records.ndjson")) {
            var path = folder.resolve(name);
            assertThat(Files.size(path)).isBetween(1L, 10_000L);
            lines(path).forEach(event -> kept.add(event.getJsonObject("data").getLong("connection")));
        }
        assertThat(folder.resolve("records.ndjson.3")).doesNotExist();
        assertThat(kept)
                .isEqualTo(LongStream.range(kept.getFirst(), 400).boxed().toList());
    }

    @Test
    void shouldGoOnBehindTheLastWholeLine() throws Exception {
        Files.writeString(file(), "{\"type\":\"before\"}\n{\"type\":\"torn");
        var connector = started(LogSettings.to(file()));
        get(connector.write(TestRecords.batch(TestRecords.stream("more"), 0, 1)));
        get(connector.stop(Duration.ofSeconds(5)));
        assertThat(lines(file()))
                .extracting(event -> event.getString("type"))
                .containsExactly("before", "io.vertebra.more");
    }

    @Test
    void shouldNotShareItsFile() throws Exception {
        var first = started(LogSettings.to(file()));
        assertThatThrownBy(() -> started(LogSettings.to(file())))
                .rootCause()
                .hasMessageContaining("another connector writes it");
        get(first.stop(Duration.ofSeconds(5)));
    }

    @Test
    void shouldLeaveNoPartOfABatchWhenThereIsNoRoom() throws Exception {
        var said = ChildJvm.runWithFilesUpTo(4, FullDisk.class, file().toString());
        assertThat(said).matches("[0-9]+ File too large\n");
        int batches = Integer.parseInt(said.substring(0, said.indexOf(' ')));
        assertThat(batches).isPositive();
        assertThat(Files.readAllLines(file())).hasSize(3 * batches).containsOnly("a line of sixteen");
    }
}

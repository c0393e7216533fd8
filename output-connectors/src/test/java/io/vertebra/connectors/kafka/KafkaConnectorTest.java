package io.vertebra.connectors.kafka;

import static io.vertebra.connectors.kafka.Topic.consume;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.KafkaSettings;
import io.vertebra.config.KafkaSettings.CloudEventsMode;
import io.vertebra.config.StreamFormat;
import io.vertebra.connectors.KafkaBroker;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorContractTest;
import io.vertebra.connectors.spi.ConnectorQueue;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertx.core.json.JsonObject;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaConnectorTest extends ConnectorContractTest {

    @TempDir
    private static Path folder;

    private static KafkaBroker broker;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start(folder.resolve("shared"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Override
    protected Connector connector(ConnectorContext context) {
        return new KafkaConnectorFactory().create(context, KafkaSettings.of(broker.bootstrap()));
    }

    @Override
    protected Connector withoutDestination(ConnectorContext context) throws Exception {
        try (var socket = new ServerSocket(0)) {
            var settings = KafkaSettings.of("127.0.0.1:" + socket.getLocalPort());
            return new KafkaConnectorFactory().create(context, settings);
        }
    }

    @Override
    protected List<Long> arrived(String stream) {
        return consume(broker.bootstrap(), "vertebra." + stream).stream()
                .map(record -> new JsonObject(text(record)).getLong("connection"))
                .toList();
    }

    @Test
    void shouldWriteCloudEventsInBinaryMode() throws Exception {
        var record = written(TestRecords.stream("events"), CloudEventsMode.BINARY);
        assertThat(headers(record))
                .isEqualTo(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "events/42",
                        "ce_source", "/jvm/test/1/test-set",
                        "ce_type", "io.vertebra.events",
                        "ce_time", "2026-01-01T00:00:00Z",
                        "content-type", "application/json"));
        assertThat(record.key()).isEqualTo("42");
        assertThat(text(record)).isEqualTo("{\"connection\":42,\"route\":2,\"path\":\"/p2\"}");
    }

    @Test
    void shouldWriteCloudEventsInStructuredMode() throws Exception {
        var record = written(TestRecords.stream("structured"), CloudEventsMode.STRUCTURED);
        assertThat(headers(record)).isEqualTo(Map.of("content-type", "application/cloudevents+json"));
        assertThat(record.key()).isEqualTo("42");
        assertThat(text(record))
                .isEqualTo("{\"specversion\":\"1.0\",\"id\":\"structured/42\",\"source\":\"/jvm/test/1/test-set\","
                        + "\"type\":\"io.vertebra.structured\",\"time\":\"2026-01-01T00:00:00Z\","
                        + "\"data\":{\"connection\":42,\"route\":2,\"path\":\"/p2\"}}");
    }

    @Test
    void shouldWriteBytesAndMessages() throws Exception {
        var raw = written(TestRecords.stream("raw").withFormat(StreamFormat.RAW), CloudEventsMode.BINARY);
        assertThat(raw.key()).as("from the record's type").isEqualTo("42");
        assertThat(headers(raw)).containsEntry("content-type", "application/octet-stream");
        assertThat(raw.value()).isEqualTo(TestRecords.record(42, 2, "/p2"));

        var stream = TestRecords.stream("messages").withFormat(StreamFormat.PROTOBUF);
        var message = written(stream, CloudEventsMode.BINARY);
        assertThat(message.key()).isEqualTo("42");
        assertThat(headers(message)).containsEntry("content-type", "application/protobuf");
        assertThat(headers(message).get("ce_dataschema"))
                .matches("urn:vertebra:proto:vertebra\\.test_set\\.slow:.{16}");
        // 1: varint 42, 2: varint 2, 3: three bytes
        assertThat(HexFormat.of().formatHex(message.value())).isEqualTo("082a" + "1002" + "1a032f7032");

        var both = new JsonObject(text(written(stream, CloudEventsMode.STRUCTURED)));
        assertThat(both.getString("datacontenttype")).isEqualTo("application/protobuf");
        assertThat(Base64.getDecoder().decode(both.getString("data_base64"))).isEqualTo(message.value());
    }

    /** The last of the records 41 and 42 of a stream. */
    private ConsumerRecord<String, byte[]> written(StreamDescriptor stream, CloudEventsMode mode) throws Exception {
        var settings = KafkaSettings.of(broker.bootstrap()).withCloudEvents(mode);
        var connector =
                new KafkaConnectorFactory().create(new ConnectorContext("kafka", vertx, "/jvm/test/1"), settings);
        get(connector.start());
        get(connector.write(TestRecords.batch(stream, 41, 2)));
        get(connector.stop(Duration.ofSeconds(5)));
        return consume(broker.bootstrap(), "vertebra." + stream.name()).getLast();
    }

    private static Map<String, String> headers(ConsumerRecord<?, ?> record) {
        var headers = new HashMap<String, String>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }

    private static String text(ConsumerRecord<?, byte[]> record) {
        return new String(record.value(), UTF_8);
    }

    @Test
    void shouldCountEveryRecordWhenTheBrokerGoesAndComesBack() throws Exception {
        var own = KafkaBroker.start(folder.resolve("own"));
        int port = own.port();
        var settings = new KafkaSettings(
                own.bootstrap(),
                "t.",
                Duration.ofSeconds(20),
                Duration.ofSeconds(3),
                CloudEventsMode.BINARY,
                new KafkaSettings.Properties(Map.of("buffer.memory", "400000")));
        var connector =
                new KafkaConnectorFactory().create(new ConnectorContext("kafka", vertx, "/jvm/test/1"), settings);
        get(connector.start());
        var queue = new ConnectorQueue("kafka", connector, vertx.getOrCreateContext(), 200_000);
        var stream = TestRecords.stream("outage");
        long next = 0;
        for (; next < 1_000; next += 10) {
            queue.offer(TestRecords.batch(stream, next, 10));
        }
        while (queue.accounts().getFirst().waiting() > 0) {
            Thread.sleep(10);
        }
        assertThat(queue.accounts().getFirst().delivered()).isEqualTo(1_000);

        own.close();
        for (; next < 50_000; next += 10) {
            queue.offer(TestRecords.batch(stream, next, 10));
        }
        while (queue.accounts().getFirst().waiting() > 0) {
            Thread.sleep(10);
        }
        own = KafkaBroker.start(folder.resolve("own"), port);
        while (queue.accounts().getFirst().delivered() <= 1_000) {
            queue.offer(TestRecords.batch(stream, next, 10));
            next += 10;
            Thread.sleep(100);
        }
        get(queue.close(Duration.ofSeconds(20)));
        var account = queue.accounts().getFirst();
        assertThat(account.missing()).isZero();
        assertThat(account.waiting()).isZero();
        assertThat(account.dropped()).containsKey(DropCause.CONNECTOR_FAILED).containsKey(DropCause.CONNECTOR_FULL);
        // delivered is what was acknowledged: the broker has at least that
        assertThat(consume(own.bootstrap(), "t.outage").size()).isGreaterThanOrEqualTo((int) account.delivered());
        own.close();
    }
}

package io.vertebra.bench;

import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.config.KafkaSettings;
import io.vertebra.config.KafkaSettings.Properties;
import io.vertebra.verticles.Vertebra;
import io.vertebra.verticles.VertebraConfig;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Records of 64 bytes on their way from a hook to Kafka, best effort and at least once, beside a producer without anything
 * around it that sends the very records that the connector has written: the same values, headers and settings (P10). In
 * turns, to a broker in a process of its own, on the same machine. Prints {@code KEY VALUE} lines.
 */
public final class KafkaPath {

    private static final int BURST = 1_024;
    private static final long WINDOW = 16 * BURST;
    private static final long SLICE_RECORDS = 256L << 10;
    private static final long LOOK_NANOS = 1_000_000;
    private static final int SENT_AGAIN = 16 * BURST;

    /** What the connector's producer has by default, said here because the other producer gets the same. */
    private static final Map<String, String> SETTINGS =
            Map.of("linger.ms", "5", "batch.size", "131072", "compression.type", "lz4");

    private final Vertebra vertebra;
    private final String bootstrap;
    private final KafkaProducer<byte[], byte[]> producer;
    private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();

    private KafkaPath(Vertebra vertebra, String bootstrap) {
        this.vertebra = vertebra;
        this.bootstrap = bootstrap;
        Map<String, Object> settings = new HashMap<>(SETTINGS);
        settings.putAll(Map.of("bootstrap.servers", bootstrap, "acks", "all", "enable.idempotence", true));
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Runs it: {@code main(TURNS)}. */
    public static void main(String[] arguments) throws Exception {
        int turns = Integer.parseInt(arguments[0]);
        var folder = Files.createTempDirectory("bench");
        try (var broker = Broker.start(folder.resolve("broker"));
                var vertebra = OutputSet.start(VertebraConfig.defaults()
                        .withConnector("kafka", settings(broker.bootstrap()))
                        .withSpool(folder.resolve("spool")))) {
            OutputSet.load(
                    vertebra,
                    Execution.QUEUED,
                    List.of("emitted", "owed"),
                    "samples: {map: samples, to: [kafka]}, kept: {map: kept, to: [kafka], delivery: at-least-once}");
            new KafkaPath(vertebra, broker.bootstrap()).run(turns);
            OutputSet.requireDelivered(vertebra, "samples", List.of("output", "kafka"));
            OutputSet.requireDelivered(vertebra, "kept", List.of("output", "kafka"));
        } finally {
            OutputSet.delete(folder);
        }
    }

    private static KafkaSettings settings(String bootstrap) {
        var defaults = KafkaSettings.of(bootstrap);
        return new KafkaSettings(
                bootstrap,
                defaults.topicPrefix(),
                defaults.startTimeout(),
                defaults.deliveryTimeout(),
                defaults.cloudEvents(),
                new Properties(SETTINGS));
    }

    private void run(int turns) throws Exception {
        bestEffort();
        readBack();
        for (int warm = 0; warm < 2; warm++) {
            bestEffort();
            atLeastOnce();
            raw();
        }
        for (int turn = 0; turn < turns; turn++) {
            OutputSet.cost(SLICE_RECORDS, this::raw).print("kafka", "raw");
            OutputSet.cost(SLICE_RECORDS, this::bestEffort).print("kafka", "best_effort");
            OutputSet.cost(SLICE_RECORDS, this::atLeastOnce).print("kafka", "at_least_once");
        }
        producer.close();
    }

    private void bestEffort() {
        OutputSet.fire(SLICE_RECORDS, BURST, WINDOW, () -> delivered("samples"), OutputSet::emit);
    }

    private void atLeastOnce() {
        OutputSet.fire(SLICE_RECORDS, BURST, WINDOW, () -> delivered("kept"), OutputSet::owe);
    }

    /** Looks rarely: what it costs to read all accounts is not the path's. */
    private long delivered(String stream) {
        LockSupport.parkNanos(LOOK_NANOS);
        return OutputSet.account(vertebra, stream, "kafka").delivered();
    }

    private void raw() {
        var acknowledged = new AtomicLong();
        for (int i = 0; i < SLICE_RECORDS; i++) {
            var record = records.get(i % records.size());
            var _ = producer.send(
                    new ProducerRecord<>("raw", null, record.key(), record.value(), record.headers()),
                    (_, error) -> acknowledged.addAndGet(error == null ? 1 : 0));
        }
        producer.flush();
        if (acknowledged.get() != SLICE_RECORDS) {
            throw new IllegalStateException("raw producer: " + acknowledged + " of " + SLICE_RECORDS + " acknowledged");
        }
    }

    /** The first records that the connector has written. */
    private void readBack() {
        var partition = new TopicPartition("vertebra.samples", 0);
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (records.size() < SENT_AGAIN) {
                consumer.poll(Duration.ofSeconds(1))
                        .forEach(r -> records.add(new ProducerRecord<>("raw", null, r.key(), r.value(), r.headers())));
            }
        }
    }
}

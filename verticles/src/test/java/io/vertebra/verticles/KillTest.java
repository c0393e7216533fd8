package io.vertebra.verticles;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.connectors.ChildJvm;
import io.vertebra.connectors.KafkaBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An application that is killed while the broker is away: what its spool had is in Kafka, and every other record is counted. */
@Timeout(180)
class KillTest {

    private static final String TOPIC = "vertebra.slow_requests";
    private static final Pattern LOST = Pattern.compile(".*LOST_IN_CRASH=([0-9]+).*");

    @TempDir
    private Path folder;

    @Test
    void shouldDeliverOrCountEveryRecordOfAKilledApplication() throws Exception {
        Files.copy(Gateway.DESCRIPTOR.resolveSibling("gateway.bpf.o"), folder.resolve("gateway.bpf.o"));
        Files.writeString(folder.resolve("set.yaml"), """
            codeletset: gateway
            codelets:
              - {object: gateway.bpf.o, program: on_request, execution: inline}
              - {object: gateway.bpf.o, program: on_response, execution: inline, variables: {slow_us: 0}}
            streams:
              slow_requests: {map: slow, delivery: at-least-once, to: [kafka], key: connection}
            """);
        var fired = SpooledApplication.counts(folder);
        var broker = KafkaBroker.start(folder.resolve("broker"));
        var application = start(broker.bootstrap(), 2);
        await(fired, 3_000);
        broker.close();
        await(fired, fired.get(ValueLayout.JAVA_LONG, 8) + 5_000);
        application.destroyForcibly().waitFor();
        long begun = fired.get(ValueLayout.JAVA_LONG, 0);
        long ended = fired.get(ValueLayout.JAVA_LONG, 8);

        try (var again = KafkaBroker.start(folder.resolve("broker"), broker.port())) {
            var account = account(start(again.bootstrap(), 0));
            var matcher = LOST.matcher(account);
            long lost = matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
            var ids = ids(again.bootstrap());
            assertThat(ids).as("one run has made records").hasSize(1);
            var delivered = ids.values().iterator().next();
            assertThat(delivered.size() + lost)
                    .as("%d delivered, %d lost", delivered.size(), lost)
                    .isBetween(ended, begun);
            assertThat(delivered)
                    .as("in order, and only the newest are lost")
                    .containsExactlyElementsOf(first(delivered.size()));
            assertThat(delivered).hasSizeGreaterThan(1_000);
        }
    }

    private Process start(String brokers, int threads) throws Exception {
        var process = ChildJvm.of(SpooledApplication.class, folder.toString(), brokers, String.valueOf(threads))
                .redirectErrorStream(false)
                .redirectError(folder.resolve("log").toFile())
                .start();
        expect(process.inputReader(), "READY");
        return process;
    }

    /** What it says after it has delivered everything. */
    private String account(Process process) throws Exception {
        var account = expect(process.inputReader(), "ACCOUNT ");
        assertThat(process.waitFor()).isZero();
        return account;
    }

    private String expect(BufferedReader said, String start) throws IOException {
        var line = said.readLine();
        while (line != null && !line.startsWith(start)) {
            line = said.readLine();
        }
        assertThat(line)
                .as("the application has ended: " + Files.readString(folder.resolve("log")))
                .isNotNull();
        return line;
    }

    private static void await(MemorySegment fired, long count) {
        while (fired.get(ValueLayout.JAVA_LONG, 8) < count) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** The different ids of each source, in the order in which they first came. */
    private static Map<String, Set<String>> ids(String bootstrap) {
        Map<String, Set<String>> ids = new LinkedHashMap<>();
        var partition = new TopicPartition(TOPIC, 0);
        try (var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    var headers = record.headers();
                    var source = new String(headers.lastHeader("ce_source").value(), UTF_8);
                    var id = new String(headers.lastHeader("ce_id").value(), UTF_8);
                    ids.computeIfAbsent(source, _ -> new LinkedHashSet<>()).add(id);
                }
            }
        }
        return ids;
    }

    private static List<String> first(int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add("slow_requests/" + i);
        }
        return ids;
    }
}

package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.KafkaSettings;
import io.vertebra.config.KafkaSettings.CloudEventsMode;
import io.vertebra.config.KafkaSettings.Properties;
import io.vertebra.connectors.KafkaBroker;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker that stands still in the middle of traffic: neither hooks nor other connectors notice, and every record is counted. */
@Timeout(120)
class StalledBrokerTest {

    private static final long QUEUE_BYTES = 256 << 10;
    private static final int STEP = 500;
    private static final int ALL = 60_000;

    @TempDir
    private Path folder;

    @Test
    void shouldSlowNeitherHooksNorOtherConnectors() throws Exception {
        int port = KafkaBroker.freePort();
        var broker = KafkaBroker.process(folder, port);
        var kept = Collections.synchronizedList(new ArrayList<String>());
        var config = VertebraConfig.defaults()
                .withPort(0)
                .withConnectorQueueBytes(QUEUE_BYTES)
                .withConnector("kafka", kafka(port))
                .withConnector("mine", new KeepingConnectorFactory.Settings(kept));
        try (var vertebra = Vertebra.start(config)) {
            Gateway.load(vertebra);
            Gateway.exchanges(0, STEP);
            await(() -> account(vertebra, "kafka").delivered() == STEP);

            signal(broker, "STOP");
            for (int fired = STEP; fired < ALL; fired += STEP) {
                Gateway.exchanges(fired, STEP);
                int all = fired + STEP;
                await(() -> kept.size() == all);
                assertThat(account(vertebra, "kafka").missing()).isZero();
            }
            for (var account : vertebra.accounts()) {
                assertThat(account.dropped()).as(account.hook()).isEmpty();
                assertThat(account.failed()).as(account.hook()).isZero();
                assertThat(account.ok() + account.waiting()).as(account.hook()).isEqualTo(account.offered());
            }
            assertThat(account(vertebra, "output")).isEqualTo(all("output"));
            await(() -> account(vertebra, "mine").equals(all("mine")));
            assertThat(account(vertebra, "kafka").delivered()).isEqualTo(STEP);
            assertThat(account(vertebra, "kafka").dropped()).containsKey(DropCause.CONNECTOR_FULL);

            signal(broker, "CONT");
            await(() -> account(vertebra, "kafka").emitted() == ALL
                    && account(vertebra, "kafka").waiting() == 0);
            var kafka = account(vertebra, "kafka");
            assertThat(kafka.missing()).isZero();
            assertThat(kafka.delivered()).as("what waited arrives").isGreaterThan(STEP);
        } finally {
            broker.destroyForcibly().waitFor();
        }
    }

    private static KafkaSettings kafka(int port) {
        return new KafkaSettings(
                "127.0.0.1:" + port,
                "",
                Duration.ofSeconds(60),
                Duration.ofSeconds(60),
                CloudEventsMode.BINARY,
                new Properties(Map.of("buffer.memory", "262144", "batch.size", "16384")));
    }

    private static OutputAccount all(String place) {
        return new OutputAccount("slow_requests", place, ALL, ALL, Map.of(), 0);
    }

    private static OutputAccount account(Vertebra vertebra, String place) {
        return vertebra.outputAccounts().stream()
                .filter(account -> account.connector().equals(place))
                .findFirst()
                .orElseGet(() -> new OutputAccount("slow_requests", place, 0, 0, Map.of(), 0));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }
}

package io.vertebra.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.examples.gateway.GatewayApplication;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.verticles.Vertebra;
import io.vertebra.verticles.VertebraConfig;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples' codelet sets on the gateway's real traffic, one of whose backends is slow for two of every four seconds. */
@Timeout(120)
class ExampleSetsTest {

    private static final long SLOW_MICROS = 100_000;

    private Vertebra vertebra;
    private GatewayApplication gateway;

    @BeforeEach
    void start() throws Exception {
        vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0));
        gateway = GatewayApplication.start();
    }

    @AfterEach
    void stop() {
        awaitAnswers();
        gateway.close();
        vertebra.close();
    }

    /** Loads a set and gives the records of a stream as they come. */
    private BlockingQueue<MemorySegment> records(String set, String stream) throws LoadException {
        var records = new LinkedBlockingQueue<MemorySegment>();
        vertebra.load(Path.of(set));
        vertebra.stream(stream).subscribe(batch -> addAll(records, batch));
        gateway.drive();
        return records;
    }

    private static void addAll(BlockingQueue<MemorySegment> records, OutputBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            records.add(batch.record(i));
        }
    }

    private void awaitAnswers() {
        gateway.quieten();
        while (gateway.busy()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static long number(MemorySegment record, int offset) {
        return record.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }

    @Test
    void shouldReportOnlyWhatIsFarFromUsual() throws Exception {
        var outliers = records("adaptive/adaptive.yaml", "outliers");
        for (int i = 0; i < 20; i++) {
            var outlier = outliers.take();
            long delay = number(outlier, 24);
            long usual = number(outlier, 28);
            long threshold = number(outlier, 32);
            assertThat(delay).isGreaterThanOrEqualTo(threshold);
            assertThat(threshold).isGreaterThanOrEqualTo(usual + 2000);
        }
        awaitAnswers();
        vertebra.close();
        var accounts = vertebra.accounts();
        assertThat(accounts).hasSize(2).allMatch(account -> account.missing() == 0 && account.failed() == 0);
        long responses = accounts.getLast().ok();
        var output = vertebra.outputAccounts().stream()
                .filter(account -> account.connector().equals("output"))
                .findFirst()
                .orElseThrow();
        assertThat(output.emitted()).as("of %s responses", responses).isBetween(20L, responses / 2);
    }

    @Test
    void shouldRecordEveryStepOfASlowRoute() throws Exception {
        var steps = records("tracing/tracing.yaml", "steps");
        Set<Long> kinds = new HashSet<>();
        Set<Long> routes = new HashSet<>();
        while (kinds.size() < 3) {
            var step = steps.take();
            routes.add(number(step, 16));
            kinds.add(number(step, 20));
        }
        assertThat(kinds).containsExactlyInAnyOrder(0L, 1L, 2L);
        var alarms = vertebra.map("tracing/alarms").entries();
        assertThat(alarms.stream()
                        .filter(alarm -> ((Number) alarm.value()).longValue() > 0)
                        .map(alarm -> ((Number) alarm.key()).longValue()))
                .as("only routes that were slow for %s us are recorded", SLOW_MICROS)
                .containsAll(routes);
        vertebra.close();
        assertThat(vertebra.accounts()).hasSize(5).allMatch(account -> account.missing() == 0 && account.failed() == 0);
    }
}

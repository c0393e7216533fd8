package io.vertebra.runtime.codelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.RuntimeSettings;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Codelets read statistics; jbpf_stats.bpf.c and report.bpf.c tell what they remember. */
@Timeout(60)
class ReportsTest {

    private static final int EVENTS = 3000;
    private static final int TIMED = EVENTS / 1024;

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(2));

    @AfterEach
    void close() {
        runtime.close();
    }

    private byte[] element(String map, int index) {
        return runtime.map(map).get(new byte[] {(byte) index, 0, 0, 0}).orElseThrow();
    }

    private LongBuffer words(String map, int index) {
        return ByteBuffer.wrap(element(map, index))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
    }

    private LongBuffer await(String map, int index, Predicate<LongBuffer> condition) {
        var words = words(map, index);
        while (!condition.test(words)) {
            LockSupport.parkNanos(5_000_000);
            words = words(map, index);
        }
        return words;
    }

    @Test
    void shouldReportToCodeletsOfJbpf() throws Exception {
        var hooks = JbpfHooks.HOOKS;
        Sets.load(runtime, "set", """
            codelets:
              - {object: jbpf_stats.bpf.o, program: jbpf_main, name: stats, hook: report_stats}
              - {object: jbpf_count.bpf.o, program: jbpf_main, name: count, hook: test1, execution: inline}
            """);
        var payload = MemorySegment.ofArray(new long[4]);
        for (int i = 0; i < EVENTS; i++) {
            hooks.test1(payload, 1);
        }
        int num = 4;
        var report = await("set/reports", 0, words -> words.get(num) >= EVENTS);
        assertThat(report.get(0)).isEqualTo(report.get(1)); // calls, reports
        assertThat(report.get(2)).isEqualTo(Math.min(128, runtime.hooks().size() - 1));
        assertThat(report.get(3)).isBetween(500_000L, 60_000_000L);
        assertThat(report.get(num)).isEqualTo(EVENTS);
        assertThat(report.get(5)).isBetween(1L, report.get(6)); // min, max
        assertThat(report.get(7)).isEqualTo(TIMED);
        assertThat(new String(element("set/reports", 0), 8 * Long.BYTES, 8, StandardCharsets.US_ASCII))
                .isEqualTo("test1\0\0\0");
    }

    @Test
    void shouldCallPeriodically() throws Exception {
        var set = Sets.load(
                runtime, "set", "codelets: [{object: jbpf_stats.bpf.o, program: jbpf_main, hook: periodic_call}]");
        var calls = await("set/reports", 0, words -> words.get(0) >= 3);
        assertThat(calls.get(1)).isZero(); // no data
        assertThat(calls.get(3)).isEqualTo(10_000);
        set.unload();
        assertThat(set.accounts().getFirst().missing()).isZero();
        assertThat(set.accounts().getFirst().failed()).isZero();
    }

    @Test
    void shouldReportToNativeCodelets() throws Exception {
        Sets.load(runtime, "set", "codelets: [{object: report.bpf.o}, {object: tally.bpf.o, execution: inline}]");
        for (int i = 0; i < EVENTS; i++) {
            ProbeHooks.HOOKS.seen(i, 0, 1);
        }
        for (int which = 0; which < 2; which++) {
            var sums = await("set/sums", which, words -> words.get(2) >= EVENTS);
            assertThat(sums.get(0)).isPositive();
            assertThat(sums.get(1)).isPositive();
            assertThat(sums.get(2)).isEqualTo(EVENTS);
            assertThat(sums.get(3)).isZero();
            assertThat(sums.get(4)).isEqualTo(TIMED);
            assertThat(sums.get(5)).isEqualTo(TIMED);
        }
    }
}

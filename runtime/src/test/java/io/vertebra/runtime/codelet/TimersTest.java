package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.vm.map.BpfUserRingBuffer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Timers, locks and user ring buffers of codelets that a runtime runs; timer.bpf.c tells what it does. */
@Timeout(60)
class TimersTest {

    private static final int BYTES = 0;
    private static final int EXPIRED = 1;
    private static final int CORRECTIONS = 2;
    /** The hook's id is the delay of the timer. */
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(5);

    private static final long NEVER = TimeUnit.HOURS.toNanos(1);

    @TempDir
    Path folder;

    private final CodeletRuntime runtime =
            CodeletRuntime.start(RuntimeSettings.ofCores(2).withInlineSlots(4));

    @AfterEach
    void close() {
        runtime.close(Duration.ofSeconds(5));
    }

    private CodeletSet load(String execution) throws LoadException, IOException, URISyntaxException {
        assertThat(HOOKS).isNotNull(); // initialised, so that its hooks are known
        var object =
                Path.of(TimersTest.class.getResource("/codelets/timer.bpf.o").toURI());
        Files.copy(object, folder.resolve("timer.bpf.o"));
        var descriptor = folder.resolve("set.yaml");
        Files.writeString(
                descriptor, "codeletset: set\ncodelets: [{object: timer.bpf.o, execution: " + execution + "}]\n");
        return runtime.load(descriptor);
    }

    private long total(int what) {
        var key = ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(what)
                .array();
        return ByteBuffer.wrap(runtime.map("set/totals").get(key).orElseThrow())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }

    private void awaitExpired(long count) {
        while (total(EXPIRED) < count) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Test
    void shouldRunCallbacksOnCoresThatSleep() throws Exception {
        var set = load("queued");
        try (var _ = new Cores(runtime)) {
            for (int route = 0; route < 3; route++) {
                HOOKS.seen(SOON, route, 10);
            }
            awaitExpired(3);
        }
        assertThat(total(BYTES)).isEqualTo(30);
        assertThat(set.maps().get("visits").size()).isZero();
        assertThat(set.maps().get("visits").timers().size()).isZero();
        var account = set.accounts().getFirst();
        assertThat(account.ok()).isEqualTo(6); // three events, three callbacks
        assertThat(account.offered()).isEqualTo(6);
        assertThat(account.missing()).isZero();
    }

    @Test
    void shouldRunCallbacksOfInlineCodeletsOnCores() throws Exception {
        var set = load("inline");
        HOOKS.seen(SOON, 1, 10);
        assertThat(total(EXPIRED)).isZero();
        try (var _ = new Cores(runtime)) {
            awaitExpired(1);
        }
        assertThat(set.accounts().getFirst().ok()).isEqualTo(2);
        assertThat(set.accounts().getFirst().missing()).isZero();
    }

    @Test
    void shouldEndTimersOnUnload() throws Exception {
        var set = load("queued");
        var map = set.maps().get("visits");
        try (var _ = new Cores(runtime)) {
            HOOKS.seen(NEVER, 1, 10);
            HOOKS.seen(SOON, 2, 10);
            awaitExpired(1);
            while (map.timers().size() != 1) { // the callback has counted, and may not have ended
                Thread.sleep(1);
            }
            set.unload();
            assertThat(map.timers().size()).isZero();
        }
        var account = set.accounts().getFirst();
        assertThat(account.ok()).isEqualTo(3);
        assertThat(account.missing()).isZero();
    }

    @Test
    void shouldNotRunCallbacksAfterClose() throws Exception {
        load("inline");
        HOOKS.seen(SOON, 1, 10);
        var map = runtime.map("set/totals");
        runtime.close(Duration.ofSeconds(1));
        LockSupport.parkNanos(2 * SOON);
        runtime.cores().forEach(core -> core.runOnce(16));
        var key = new byte[] {EXPIRED, 0, 0, 0};
        assertThat(map.get(key).orElseThrow()).containsOnly(0);
    }

    @Test
    void shouldHandSamplesToCodelets() throws Exception {
        load("inline");
        var corrections = (BpfUserRingBuffer) runtime.map("set/corrections");
        for (int i = 1; i <= 3; i++) {
            var sample = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(i);
            assertThat(corrections.offer(sample.array())).isTrue();
        }
        HOOKS.seen(NEVER, 1, 0);
        assertThat(total(CORRECTIONS)).isEqualTo(6);
        assertThat(corrections.size()).isZero();
    }
}

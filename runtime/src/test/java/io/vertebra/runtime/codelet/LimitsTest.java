package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.limit.DetachReason;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What breaks its limits is dropped or detached, and nobody else notices. */
@Timeout(60)
class LimitsTest {

    private static final int FAILS = 3;
    private static final int SLOW = 4;

    private final CodeletRuntime runtime =
            CodeletRuntime.start(RuntimeSettings.ofCores(2).withRingBytes(1 << 22));
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    /** Whose helper fails on one route, and takes 3 us on another. */
    private static final class Probe implements HelpersTest.ProbeHelpers {
        @Override
        public long backend(int route, long load) {
            if (route == FAILS) {
                throw new IllegalStateException("expected by the test");
            }
            long end = System.nanoTime() + (route == SLOW ? 3_000 : 0);
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            return load;
        }

        @Override
        public boolean isOpen(int route) {
            return backend(route, 1) == 1;
        }
    }

    @BeforeEach
    void start() {
        runtime.helpers(MethodHandles.lookup(), HelpersTest.ProbeHelpers.class, new Probe());
        runtime.listen(new SetListener() {
            @Override
            public void detached(String codeletSet, String codelet, DetachReason reason) {
                told.add(codeletSet + "/" + codelet + " " + reason.label());
            }
        });
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private static String two(String executor, String execution, String limits) {
        String rest = ", executor: " + executor + ", execution: " + execution + "}";
        return "codelets: [{object: faulty.bpf.o" + rest + ", {object: tally.bpf.o" + rest + "]\nlimits: {" + limits
                + "}";
    }

    /** Fires until a codelet is detached; gives how often. */
    private long fireUntilDetached(CodeletSet set, String codelet, int route) {
        long fired = 0;
        while (set.codelets().get(codelet) instanceof CodeletState.Attached) {
            HOOKS.seen(fired, route, 1);
            fired++;
            if (fired % 64 == 0) {
                Sets.drain(runtime);
            }
        }
        return fired;
    }

    private static AttachmentAccount account(CodeletSet set, String codelet) {
        return set.accounts().stream()
                .filter(account -> account.codelet().equals(codelet))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"jit, inline", "interpreter, inline", "jit, queued", "interpreter, queued"})
    void shouldDetachWhatFaultsAgainAndAgain(String executor, String execution) throws Exception {
        var set = Sets.load(runtime, "set", two(executor, execution, "max_faults: 20"));
        long fired = fireUntilDetached(set, "faulty", FAILS);
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("set/faulty max_faults");
        for (int i = 0; i < 10; i++) {
            HOOKS.seen(i, FAILS, 1);
        }
        Sets.drain(runtime);
        assertThat(Sets.word(runtime, "set/tallies", 0)).isEqualTo(fired + 10);
        assertThat(set.codelets().get("tally")).isInstanceOf(CodeletState.Attached.class);
        assertThat(set.codelets().get("faulty"))
                .isInstanceOfSatisfying(
                        CodeletState.Detached.class,
                        detached -> assertThat(detached.reason())
                                .isInstanceOfSatisfying(DetachReason.Faults.class, reason -> {
                                    assertThat(reason.faults()).isGreaterThanOrEqualTo(20);
                                    assertThat(reason.last())
                                            .hasValueSatisfying(
                                                    last -> assertThat(last).contains("expected by the test"));
                                }));
        var faulty = account(set, "faulty");
        assertThat(faulty.ok()).isZero();
        assertThat(faulty.failed()).isBetween(20L, fired);
        assertThat(faulty.missing()).isZero();
        assertThat(account(set, "tally").missing()).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void shouldGiveTheDefaultOfAControlHookWhoseCodeletIsDetached() throws Exception {
        var set = Sets.load(runtime, "set", "codelets: [{object: helpers.bpf.o}]\nlimits: {max_faults: 5}");
        assertThat(HOOKS.choose(1, 0)).isNotEqualTo(-1);
        while (set.codelets().get("choose") instanceof CodeletState.Attached) {
            assertThat(HOOKS.choose(FAILS, 0)).isEqualTo(-1);
        }
        told.poll(30, TimeUnit.SECONDS); // after it, the hook is led away
        assertThat(HOOKS.choose(1, 0)).isEqualTo(-1);
        long offered = account(set, "choose").offered();
        HOOKS.choose(1, 0);
        assertThat(account(set, "choose").offered()).isEqualTo(offered);

        set.disable();
        set.enable();
        assertThat(set.codelets().get("choose")).isInstanceOf(CodeletState.Attached.class);
        assertThat(HOOKS.choose(1, 0)).isNotEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inline", "queued"})
    void shouldDetachWhatIsTooSlow(String execution) throws Exception {
        var set = Sets.load(
                runtime, "set", two("jit", execution, "run_ns_p99: 1us").replace("tally", "nothing"));
        fireUntilDetached(set, "faulty", SLOW);
        assertThat(told.poll(30, TimeUnit.SECONDS)).isEqualTo("set/faulty run_ns_p99");
        assertThat(set.codelets().get("faulty"))
                .isInstanceOfSatisfying(
                        CodeletState.Detached.class,
                        detached -> assertThat(detached.reason())
                                .isInstanceOfSatisfying(
                                        DetachReason.TooSlow.class,
                                        reason -> assertThat(reason.samples()).isGreaterThanOrEqualTo(100)));
        Sets.drain(runtime);
        assertThat(account(set, "faulty").missing()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"jit, inline", "interpreter, inline", "jit, queued"})
    void shouldDropEventsAboveTheRate(String executor, String execution) throws Exception {
        int events = 10_000;
        long begin = System.nanoTime();
        var set = Sets.load(
                runtime,
                "set",
                "codelets: [{object: tally.bpf.o, executor: " + executor + ", execution: " + execution
                        + "}]\nlimits: {events_per_second: 100}");
        for (int i = 0; i < events; i++) {
            HOOKS.seen(i, 0, 1);
            if (i % 64 == 0) {
                Sets.drain(runtime);
            }
        }
        Sets.drain(runtime);
        var account = account(set, "tally");
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + 1;
        assertThat(account.offered()).isEqualTo(events);
        assertThat(account.ok()).isBetween(100L, 100 + seconds * 100);
        assertThat(account.dropped()).containsOnlyKeys(DropCause.RATE_LIMITED);
        assertThat(account.missing()).isZero();
        assertThat(Sets.word(runtime, "set/tallies", 0)).isEqualTo(account.ok());
        assertThat(runtime.hookStatistics())
                .singleElement()
                .satisfies(hook -> assertThat(hook.dropped()).isEqualTo(account.dropped()));
    }

    @Test
    void shouldGiveTheDefaultOfAControlHookAboveTheRate() throws Exception {
        Sets.load(runtime, "without", "codelets: [{object: control.bpf.o}]").unload(); // whose code is kept
        var set = Sets.load(runtime, "set", "codelets: [{object: control.bpf.o}]\nlimits: {events_per_second: 1}");
        int chosen = 0;
        for (int i = 0; i < 1000; i++) {
            chosen += HOOKS.choose(1, 1) == 2 ? 1 : 0;
        }
        assertThat(account(set, "choose").ok()).isEqualTo(chosen);
        assertThat(account(set, "choose").dropped().get(DropCause.RATE_LIMITED)).isEqualTo(1000 - chosen);
    }
}

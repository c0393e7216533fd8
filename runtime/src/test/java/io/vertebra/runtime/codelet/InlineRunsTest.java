package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every event runs in the codelets that are attached, once, and is counted: compiled or interpreted. */
@Timeout(120)
class InlineRunsTest {

    private static final RuntimeSettings SETTINGS = RuntimeSettings.ofCores(2);
    private static final int THREADS = 4;

    private static String tally(String executor, String execution) {
        return "codelets: [{object: tally.bpf.o, execution: " + execution + ", executor: " + executor + "}]";
    }

    private static List<Thread> start(Thread.Builder builder, int count, IntConsumer body) {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < count; t++) {
            int number = t;
            threads.add(builder.start(() -> body.accept(number)));
        }
        return threads;
    }

    private static void join(List<Thread> threads) throws InterruptedException {
        for (var thread : threads) {
            thread.join();
        }
    }

    private static boolean anyAlive(List<Thread> threads) {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jit", "interpreter"})
    void shouldRunEachEventOnceWhileItsSetIsReplaced(String executor) throws Exception {
        int each = executor.equals("jit") ? 1_000_000 : 100_000;
        try (var runtime = CodeletRuntime.start(SETTINGS)) {
            var set = Sets.load(runtime, "set", tally(executor, "inline"));
            var threads = start(Thread.ofPlatform(), THREADS, _ -> {
                for (int i = 0; i < each; i++) {
                    HOOKS.seen(i, 0, 3);
                }
            });
            int replaced = 0;
            while (anyAlive(threads)) {
                set.replace(Sets.open(runtime, "set", tally(executor, "inline")));
                replaced++;
            }
            join(threads);
            long ran = Sets.word(runtime, "set/tallies", 0);
            set.unload();
            long fired = (long) THREADS * each;
            assertThat(only(runtime.accounts()))
                    .isEqualTo(new AttachmentAccount(
                            "set", "tally", "probe/seen", "inline", fired, fired, 0, Map.of(), 0));
            assertThat(ran).isEqualTo(fired);
            assertThat(replaced).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jit", "interpreter"})
    void shouldCountWhatRanWhileSetsComeAndGo(String executor) throws Exception {
        int rounds = 150;
        var stop = new AtomicLong();
        var fired = new AtomicLong();
        try (var runtime = CodeletRuntime.start(SETTINGS)) {
            var lasting = Sets.load(runtime, "lasting", tally(executor, "inline"));
            var threads = start(Thread.ofPlatform(), THREADS, _ -> {
                long mine = 0;
                while (stop.get() == 0) {
                    HOOKS.seen(mine++, 0, 1);
                }
                fired.addAndGet(mine);
            });
            for (int round = 0; round < rounds; round++) {
                var passing = Sets.load(runtime, "passing", tally(executor, "inline"));
                var map = passing.map("tallies").orElseThrow();
                Thread.sleep(0, 200_000);
                passing.unload();
                var account = only(passing.accounts());
                long events = map.values().get(ValueLayout.JAVA_LONG, 0);
                assertThat(account.ok()).isEqualTo(events);
                assertThat(account.offered()).isEqualTo(events);
                assertThat(account.missing()).isZero();
            }
            stop.set(1);
            join(threads);
            assertThat(Sets.word(runtime, "lasting/tallies", 0)).isEqualTo(fired.get());
            lasting.unload();
            assertThat(only(lasting.accounts()).ok()).isEqualTo(fired.get());
            assertThat(only(lasting.accounts()).missing()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"jit, inline", "interpreter, inline", "jit, queued", "interpreter, queued"})
    void shouldServeManyVirtualThreads(String executor, String execution) throws Exception {
        int count = 10_000;
        try (var runtime = CodeletRuntime.start(SETTINGS)) {
            var set = Sets.load(runtime, "set", tally(executor, execution));
            long ran;
            try (var _ = new Cores(runtime)) {
                join(start(Thread.ofVirtual(), count, number -> {
                    HOOKS.seen(number, 0, 1);
                    LockSupport.parkNanos(1);
                    HOOKS.seen(number, 0, 1);
                }));
                while (only(set.accounts()).waiting() > 0) {
                    Thread.sleep(1);
                }
            }
            ran = Sets.word(runtime, "set/tallies", 0);
            set.unload();
            var account = only(set.accounts());
            assertThat(account.offered()).isEqualTo(2L * count);
            assertThat(account.ok()).isEqualTo(ran);
            assertThat(account.missing()).isZero();
            assertThat(account.failed()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jit", "interpreter"})
    void shouldBalanceWhereTheStackEnds(String executor) throws Exception {
        try (var runtime = CodeletRuntime.start(SETTINGS)) {
            var set = Sets.load(runtime, "set", tally(executor, "inline") + "\nlimits: {max_faults: 1000000}");
            for (int round = 0; round < 30; round++) {
                var thread = new Thread(null, InlineRunsTest::overflow, "deep", 256 << 10);
                thread.start();
                thread.join();
            }
            HOOKS.seen(1, 1, 1);
            long events = Sets.word(runtime, "set/tallies", 0);
            set.unload();
            var account = only(set.accounts());
            assertThat(account.missing()).isZero();
            assertThat(account.ok() + account.failed()).isEqualTo(account.offered());
            assertThat(account.ok()).isPositive();
            assertThat(events).isBetween(account.ok(), account.offered());
        }
    }

    private static void overflow() {
        try {
            deeper(0);
        } catch (StackOverflowError _) {
            // what the test is about
        }
    }

    private static int deeper(int depth) {
        HOOKS.seen(depth, 0, 0);
        return depth < 0 ? 0 : deeper(depth + 1) + 1;
    }

    @ParameterizedTest
    @ValueSource(strings = {"jit", "interpreter"})
    void shouldTimeOneRunInAThousand(String executor) throws Exception {
        try (var runtime = CodeletRuntime.start(SETTINGS)) {
            var set = Sets.load(runtime, "set", tally(executor, "inline"));
            for (int i = 0; i < 4 * 1024; i++) {
                HOOKS.seen(i, 0, 1);
            }
            var statistics = set.statistics().getFirst();
            assertThat(statistics.runs()).isEqualTo(4 * 1024);
            assertThat(statistics.runTimes().samples()).isBetween(3L, 4L);
        }
    }

    private record Nesting(AtomicLong deepest) implements HelpersTest.ProbeHelpers {
        @Override
        public long backend(int route, long load) {
            return route;
        }

        @Override
        public boolean isOpen(int route) {
            deepest.accumulateAndGet(route, Math::max);
            HOOKS.choose(route + 1, 0);
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"jit", "interpreter"})
    void shouldEndNestingAtDepthFour(String executor) throws Exception {
        var deepest = new AtomicLong();
        try (var runtime = CodeletRuntime.start(SETTINGS)) {
            runtime.helpers(MethodHandles.lookup(), HelpersTest.ProbeHelpers.class, new Nesting(deepest));
            var set = Sets.load(runtime, "set", "codelets: [{object: helpers.bpf.o, executor: " + executor + "}]");
            HOOKS.choose(1, 0);
            assertThat(deepest).hasValue(4);
            set.unload();
            assertThat(only(set.accounts()))
                    .isEqualTo(new AttachmentAccount(
                            "set", "choose", "probe/choose", "inline", 5, 4, 0, Map.of(DropCause.NO_SLOT, 1L), 0));
        }
    }

    private static final class FiresWhenInitialised {
        static final long FIRED = fire();

        private static long fire() {
            HOOKS.seen(1, 0, 41);
            return 1;
        }
    }

    @Test
    void shouldRunWhenAClassInitialiserFires() throws Exception {
        try (var runtime = CodeletRuntime.start(SETTINGS)) {
            var set = Sets.load(runtime, "set", tally("jit", "inline"));
            assertThat(FiresWhenInitialised.FIRED).isEqualTo(1);
            assertThat(Sets.word(runtime, "set/tallies", 0)).isEqualTo(1);
            assertThat(only(set.accounts()).ok()).isEqualTo(1);
        }
    }

    private static AttachmentAccount only(List<AttachmentAccount> accounts) {
        assertThat(accounts).hasSize(1);
        return accounts.getFirst();
    }
}

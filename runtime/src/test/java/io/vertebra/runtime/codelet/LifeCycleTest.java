package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.JbpfHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertebra.config.DescriptorReader;
import io.vertebra.config.RuntimeSettings;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What jbpf's tests ask of loading and unloading, and what its own runtime gets wrong there: see docs/jbpf.md. */
@Timeout(60)
class LifeCycleTest {

    /** jbpf's bounds: this many sets, and as many codelets in all. */
    private static final int JBPF_SETS = 64;

    private static final String COUNT = """
          - {codelet_name: %s, codelet_path: jbpf_count.bpf.o, hook_name: test1, out_io_channel: [{name: records}]}
        """;

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(2));

    @AfterEach
    void close() {
        runtime.close();
    }

    private OpenSet open(String name, String... codelets) throws LoadException {
        assertThat(HOOKS).isNotNull(); // initialised, so that its hooks are known
        var yaml = "codeletset_id: " + name + "\ncodelet_descriptor:\n" + String.join("", codelets);
        return runtime.open(DescriptorReader.parse(yaml, name, Sets.folder()));
    }

    private CodeletSet load(String name, String... codelets) throws LoadException {
        return open(name, codelets).load();
    }

    private static MemorySegment data() {
        return MemorySegment.ofArray(new int[] {7, 8});
    }

    private static List<Future<Void>> start(ExecutorService threads, int count, Callable<Void> task) {
        List<Future<Void>> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            started.add(threads.submit(task));
        }
        return started;
    }

    @Test
    void shouldLoadAndUnloadFromSeveralThreadsWhileHooksFire() throws Exception {
        var names = new AtomicLong();
        var loaded = new AtomicLong();
        try (var threads = Executors.newCachedThreadPool();
                var _ = new Cores(runtime)) {
            var loading = start(threads, 5, () -> {
                var name = "set" + names.incrementAndGet();
                for (int round = 0; round < 10; round++) {
                    var set = load(name, COUNT.formatted("count"));
                    loaded.addAndGet(runtime.sets().contains(set) ? 1 : 0);
                    set.unload();
                }
                return null;
            });
            var firing = start(threads, 5, () -> {
                while (!loading.stream().allMatch(Future::isDone)) {
                    HOOKS.test1(data(), 1);
                    LockSupport.parkNanos(1_000);
                }
                return null;
            });
            for (var task : loading) {
                task.get();
            }
            for (var task : firing) {
                task.get();
            }
        }
        assertThat(loaded).hasValue(50);
        assertThat(runtime.sets()).isEmpty();
        assertThat(runtime.accounts())
                .hasSize(5)
                .allMatch(a -> a.missing() == 0 && a.waiting() == 0 && a.failed() == 0);
        assertThat(runtime.streamAccounts()).allMatch(a -> a.missing() == 0 && a.waiting() == 0);
    }

    @Test
    void shouldHoldMoreSetsThanJbpfAndForgetThemAll() throws Exception {
        List<CodeletSet> sets = new ArrayList<>();
        for (int i = 0; i <= JBPF_SETS; i++) {
            sets.add(load("set" + i, COUNT.formatted("count")));
        }
        HOOKS.test1(data(), 1);
        Sets.drain(runtime);
        assertThat(sets).allMatch(set -> set.accounts().getFirst().ok() == 1);
        sets.forEach(CodeletSet::unload);
        assertThat(runtime.sets()).isEmpty();
        assertThat(runtime.streams()).isEmpty();
        assertThat(runtime.inputs()).isEmpty();
        assertThat(runtime.statistics()).isEmpty();
        HOOKS.test1(data(), 1);
        assertThat(runtime.accounts()).hasSize(JBPF_SETS + 1).allMatch(account -> account.offered() == 1);
    }

    @Test
    void shouldTakeLongNames() throws Exception {
        var name = "n".repeat(255);
        var set = load(name, COUNT.formatted(name));
        HOOKS.test1(data(), 1);
        Sets.drain(runtime);
        assertThat(set.name()).isEqualTo(name);
        assertThat(set.accounts().getFirst().codelet()).isEqualTo(name);
        assertThat(set.accounts().getFirst().ok()).isEqualTo(1);
    }

    @Test
    void shouldRefuseToLoadTwiceAndUnloadOnce() throws Exception {
        var set = load("set", COUNT.formatted("count"));
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load("set", COUNT.formatted("count")))
                .withMessageContaining("already loaded");
        HOOKS.test1(data(), 1);
        Sets.drain(runtime);
        set.unload();
        set.unload();
        assertThat(runtime.accounts()).singleElement().satisfies(account -> {
            assertThat(account.offered()).isEqualTo(1);
            assertThat(account.ok()).isEqualTo(1);
        });
    }

    @Test
    void shouldLeaveNothingBehindWhenALoadFails() throws Exception {
        var good = COUNT.formatted("good");
        var bad = "  - {codelet_name: bad, codelet_path: jbpf_count.bpf.o, hook_name: nowhere}\n";
        for (int i = 0; i < 2 * JBPF_SETS; i++) {
            assertThatExceptionOfType(LoadException.class).isThrownBy(() -> load("set", good, bad));
        }
        assertThat(runtime.sets()).isEmpty();
        assertThat(runtime.streams()).isEmpty();
        assertThat(runtime.accounts()).isEmpty();
        load("set", good);
        HOOKS.test1(data(), 1);
        Sets.drain(runtime);
        assertThat(runtime.accounts()).singleElement().matches(account -> account.ok() == 1);
    }

    @Test
    void shouldStopWithManyCodeletsActive() throws Exception {
        var stopped = new AtomicLong();
        try (var threads = Executors.newCachedThreadPool();
                var _ = new Cores(runtime)) {
            var received = new AtomicLong();
            runtime.output(batch -> received.addAndGet(batch.size()));
            for (int i = 0; i < JBPF_SETS; i++) {
                load("set" + i, COUNT.formatted("count"));
            }
            var firing = start(threads, 4, () -> {
                while (stopped.get() == 0) {
                    HOOKS.test1(data(), 1);
                    LockSupport.parkNanos(1_000);
                }
                return null;
            });
            while (received.get() < 1000) {
                Thread.onSpinWait();
            }
            runtime.close();
            stopped.set(1);
            for (var task : firing) {
                task.get();
            }
        }
        assertThat(runtime.accounts())
                .hasSize(JBPF_SETS)
                .allMatch(a -> a.missing() == 0 && a.waiting() == 0 && a.failed() == 0 && a.ok() > 0);
        assertThat(runtime.streamAccounts()).hasSize(JBPF_SETS).allMatch(a -> a.missing() == 0 && a.waiting() == 0);
    }

    @Test
    void shouldCountExactlyFromEightThreads() throws Exception {
        int each = 20_000;
        Sets.load(runtime, "set", "codelets: [{object: links.bpf.o, execution: inline}]");
        try (var threads = Executors.newCachedThreadPool()) {
            for (var task : start(threads, 8, () -> {
                for (int i = 0; i < each; i++) {
                    ProbeHooks.HOOKS.seen(i, 0, 0);
                }
                return null;
            })) {
                task.get();
            }
        }
        assertThat(Sets.word(runtime, "set/left", 0)).isEqualTo(8L * each);
        assertThat(Sets.word(runtime, "set/right", 0)).isEqualTo(80L * each);
    }
}

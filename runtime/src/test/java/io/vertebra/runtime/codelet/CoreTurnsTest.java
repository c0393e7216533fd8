package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.config.RuntimeSettings.Wake;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.output.OutputBatch;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a core does with the events in its ring: when it is woken, how many it runs at a time, in what order. */
@Timeout(60)
@SuppressWarnings("try") // closes a runtime early, to have all events run
class CoreTurnsTest {

    private static final String ORDER = "codelets: [{object: order.bpf.o}]\nstreams: {runs: {map: runs}}";

    /** An event as the codelet saw it. */
    private record Run(long id, long sequence, long core) {}

    private static List<Run> runs(OutputBatch batch) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            var record = batch.record(i);
            runs.add(new Run(
                    record.get(ValueLayout.JAVA_LONG_UNALIGNED, 0),
                    record.get(ValueLayout.JAVA_LONG_UNALIGNED, 8),
                    record.get(ValueLayout.JAVA_LONG_UNALIGNED, 16)));
        }
        return runs;
    }

    @Test
    void shouldWakeASleepingCoreOnceHoweverManyEventsCome() throws Exception {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            Sets.load(runtime, "set", "codelets: [{object: nothing.bpf.o}]");
            var core = runtime.cores().getFirst();
            var wakeUps = new AtomicInteger();
            core.onWake(wakeUps::incrementAndGet);
            Sets.drain(runtime);
            wakeUps.set(0);

            fire(4, 500);
            assertThat(wakeUps).as("nobody wakes a core that is awake").hasValue(0);
            assertThat(core.park()).as("events wait, so it must not sleep").isFalse();

            for (int drain = 1; drain <= 20; drain++) {
                Sets.drain(runtime);
                assertThat(core.park()).isTrue();
                fire(4, 50);
                assertThat(wakeUps).hasValue(drain);
            }
        }
    }

    @Test
    void shouldWakeCoresOnlyForSetsThatWantIt() throws Exception {
        var settings = RuntimeSettings.ofCores(1).withWake(Wake.TIMER);
        try (var runtime = CodeletRuntime.start(settings)) {
            runtime.output(_ -> {});
            var core = runtime.cores().getFirst();
            var wakeUps = new AtomicInteger();
            core.onWake(wakeUps::incrementAndGet);
            Sets.drain(runtime);
            assertThat(core.mustLook()).as("nothing is attached").isFalse();
            assertThat(core.park()).isTrue();
            wakeUps.set(0);

            Sets.load(runtime, "lazy", ORDER);
            assertThat(core.mustLook()).isTrue();
            assertThat(wakeUps)
                    .as("a core that sleeps without a timer starts one")
                    .hasValue(1);
            Sets.drain(runtime);
            assertThat(core.park()).isTrue();
            fire(2, 100);
            assertThat(wakeUps)
                    .as("an event, and a record of it, wait for the timer")
                    .hasValue(1);
            assertThat(core.runOnce(1_000)).isPositive();

            var eager = Sets.load(runtime, "eager", "wake: immediate\ncodelets: [{object: nothing.bpf.o}]");
            Sets.drain(runtime);
            assertThat(core.park()).isTrue();
            wakeUps.set(0);
            fire(2, 100);
            assertThat(wakeUps).as("one of the hook's sets wants it").hasValue(1);

            eager.unload();
            runtime.set("lazy").orElseThrow().unload();
            assertThat(core.mustLook()).isFalse();
        }
    }

    private static void fire(int threads, int events) throws InterruptedException {
        List<Thread> firing = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            firing.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < events; i++) {
                    HOOKS.seen(i, 0, 0);
                }
            }));
        }
        for (var thread : firing) {
            thread.join();
        }
    }

    @Test
    void shouldRunNoMoreEventsInATurnThanItIsAllowed() throws Exception {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            var set = Sets.load(runtime, "set", "codelets: [{object: nothing.bpf.o}]");
            fire(1, 100);
            int turns = 0;
            for (int ran = runtime.cores().getFirst().runOnce(16); ran > 0; ) {
                turns++;
                assertThat(ran).isLessThanOrEqualTo(16);
                assertThat(set.accounts().getFirst().ok()).isEqualTo(Math.min(100, turns * 16));
                ran = runtime.cores().getFirst().runOnce(16);
            }
            assertThat(turns).isEqualTo(7);
        }
    }

    @Test
    void shouldDropTheNewestEventsWhenTheRingIsFull() throws Exception {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1).withRingBytes(4096))) {
            List<Run> runs = new ArrayList<>();
            runtime.output(batch -> runs.addAll(runs(batch)));
            var set = Sets.load(runtime, "set", ORDER);
            for (int i = 0; i < 1000; i++) {
                HOOKS.seen(1, 0, i);
            }
            Sets.drain(runtime);
            var account = set.accounts().getFirst();
            assertThat(account.offered()).isEqualTo(1000);
            assertThat(account.dropped()).isEqualTo(Map.of(DropCause.RING_FULL, 1000 - account.ok()));
            assertThat(runs).hasSize((int) account.ok()).hasSize(4096 / 32); // header and three words
            for (int i = 0; i < runs.size(); i++) {
                assertThat(runs.get(i).sequence()).isEqualTo(i);
            }
        }
    }

    @Test
    void shouldRunEventsOfAKeyInOrderOnOneCore() throws Exception {
        int threads = 4;
        int keys = 8; // of each thread
        int events = 2_000; // of each thread
        var batches = new ConcurrentLinkedQueue<OutputBatch>();
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(2))) {
            runtime.output(batches::add);
            Sets.load(runtime, "set", ORDER);
            try (var _ = new Cores(runtime)) {
                List<Thread> firing = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    int first = t * keys;
                    firing.add(Thread.ofPlatform().start(() -> {
                        for (int i = 0; i < events; i++) {
                            HOOKS.seen(first + i % keys, 0, i);
                        }
                    }));
                }
                for (var thread : firing) {
                    thread.join();
                }
                runtime.close();
            }
            assertThat(runtime.accounts())
                    .allMatch(a ->
                            a.ok() == (long) threads * events && a.dropped().isEmpty());
        }
        Map<Long, Run> last = new HashMap<>();
        Set<Long> cores = new HashSet<>();
        int count = 0;
        for (var batch : batches) {
            for (var run : runs(batch)) {
                count++;
                cores.add(run.core());
                var before = last.put(run.id(), run);
                if (before != null) {
                    assertThat(run.sequence()).as("key %s", run.id()).isEqualTo(before.sequence() + keys);
                    assertThat(run.core()).as("key %s", run.id()).isEqualTo(before.core());
                }
            }
        }
        assertThat(count).isEqualTo(threads * events);
        assertThat(cores).as("keys are spread").hasSize(2);
    }
}

package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Versions of a set that take each other's place, and sets that rest. */
@Timeout(60)
class ReplacementTest {

    private static final String FIRST = "codelets: [{object: version1.bpf.o}]\n";
    private static final String SECOND = "codelets: [{object: version2.bpf.o}]\n";

    private final CodeletRuntime runtime =
            CodeletRuntime.start(RuntimeSettings.ofCores(2).withInlineSlots(4));

    @AfterEach
    void close() {
        runtime.close(Duration.ofSeconds(5));
    }

    private CodeletSet load(String rest) throws LoadException {
        return Sets.load(runtime, "set", rest);
    }

    private void replace(CodeletSet set, String rest) throws LoadException {
        var next = Sets.open(runtime, "set", rest);
        try (var _ = new Cores(runtime)) {
            set.replace(next);
        }
    }

    @Test
    void shouldKeepMapsThatAreUnchanged() throws Exception {
        var set = load(FIRST);
        HOOKS.seen(1, 0, 0);
        Sets.drain(runtime);
        var counts = runtime.map("set/counts");
        var details = runtime.map("set/details");
        var ring = runtime.map("set/seen_events");
        assertThat(HOOKS.choose(0, 0)).isEqualTo(1);

        replace(set, SECOND);
        assertThat(set.state()).isInstanceOf(CodeletSetState.Attached.class);
        assertThat(HOOKS.choose(0, 0)).isEqualTo(2);
        HOOKS.seen(2, 0, 0);
        Sets.drain(runtime);
        assertThat(runtime.map("set/counts")).isSameAs(counts);
        assertThat(runtime.map("set/seen_events")).isSameAs(ring);
        assertThat(runtime.map("set/details"))
                .as("its value has another layout")
                .isNotSameAs(details);
        assertThat(Sets.word(runtime, "set/counts", 0)).isEqualTo(1);
        assertThat(Sets.word(runtime, "set/counts", 1)).isEqualTo(1);
        assertThat(Sets.word(runtime, "set/.bss", 0))
                .as("global data begins anew")
                .isEqualTo(1);
        assertThat(runtime.sets()).containsExactly(set);
    }

    @Test
    void shouldKeepGlobalDataThatIsNamed() throws Exception {
        var set = load(FIRST + "keep: [.bss]\n");
        HOOKS.seen(1, 0, 0);
        Sets.drain(runtime);
        replace(set, SECOND + "keep: [count/.bss]\n");
        HOOKS.seen(2, 0, 0);
        Sets.drain(runtime);
        assertThat(Sets.word(runtime, "set/.bss", 0)).isEqualTo(2);
    }

    @Test
    void shouldRunWaitingEventsInTheVersionTheyWereFiredFor() throws Exception {
        var set = load(FIRST);
        List<Long> versions = new ArrayList<>();
        runtime.output(batch -> {
            for (int i = 0; i < batch.size(); i++) {
                versions.add(batch.record(i).get(ValueLayout.JAVA_LONG_UNALIGNED, 8));
            }
        });
        HOOKS.seen(1, 0, 0);
        HOOKS.seen(2, 0, 0);
        replace(set, SECOND);
        HOOKS.seen(3, 0, 0);
        Sets.drain(runtime);

        assertThat(versions).containsExactly(1L, 1L, 2L);
        assertThat(runtime.accounts())
                .contains(new AttachmentAccount("set", "count", "probe/seen", "queued", 3, 3, 0, Map.of(), 0));
        assertThat(set.accounts().getFirst().offered()).as("of the new version").isEqualTo(1);
        assertThat(runtime.streamAccounts())
                .containsExactly(new OutputAccount("seen_events", "output", 3, 3, Map.of(), 0));
    }

    @Test
    void shouldLeaveTheSetAloneWhenTheNewVersionIsRefused() throws Exception {
        var set = load(FIRST);
        for (var refused : List.of(
                "codelets: [{object: rejected.bpf.o}]",
                "codelets: [{object: strange.bpf.o}]",
                SECOND + "keep: [details]",
                SECOND + "keep: [nothing]",
                SECOND + "streams: {s: {map: nothing}}",
                SECOND + "limits: {map_memory: 1KiB}")) {
            assertThatExceptionOfType(LoadException.class).as(refused).isThrownBy(() -> replace(set, refused));
            assertThat(HOOKS.choose(0, 0)).isEqualTo(1);
            assertThat(set.state()).isInstanceOf(CodeletSetState.Attached.class);
        }
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> set.replace(Sets.open(runtime, "other", SECOND)))
                .withMessage("set `set`: the new version is called `other`, needed is the same name");
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load(SECOND))
                .withMessage("set `set`: already loaded, replace it or unload it first");
        HOOKS.seen(1, 0, 0);
        Sets.drain(runtime);
        assertThat(Sets.word(runtime, "set/counts", 0)).isEqualTo(1);
        set.unload();
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> replace(set, SECOND))
                .withMessage("set `set`: it is unloaded, allowed is attached");
    }

    @Test
    void shouldBeginARingBufferAnewWhenItsStreamChanges() throws Exception {
        var set = load(FIRST);
        HOOKS.seen(1, 0, 0);
        Sets.drain(runtime);
        var ring = runtime.map("set/seen_events");
        replace(set, SECOND + "streams: {seen: {map: seen_events, key: id}}");
        assertThat(runtime.map("set/seen_events")).isNotSameAs(ring);
        assertThat(set.streams()).singleElement().extracting(s -> s.name()).isEqualTo("seen");
        assertThat(runtime.streamAccounts())
                .extracting(OutputAccount::stream, OutputAccount::emitted, OutputAccount::missing)
                .containsExactly(tuple("seen_events", 1L, 0L), tuple("seen", 0L, 0L));
    }

    @Test
    void shouldLoseNoEventWhileVersionsChange() throws Exception {
        int threads = 3;
        var set = load(FIRST);
        var fired = new AtomicLong();
        var stop = new AtomicLong();
        List<Thread> firing = new ArrayList<>();
        runtime.output(_ -> {});
        try (var _ = new Cores(runtime)) {
            for (int t = 0; t < threads; t++) {
                firing.add(Thread.ofPlatform().start(() -> {
                    while (stop.get() == 0) {
                        HOOKS.seen(Thread.currentThread().threadId(), 0, 0);
                        if (HOOKS.choose(0, 0) < 1) {
                            stop.set(-1);
                        }
                        fired.incrementAndGet();
                        Thread.onSpinWait();
                    }
                }));
            }
            for (int i = 0; i < 40; i++) {
                set.replace(Sets.open(runtime, "set", i % 2 == 0 ? SECOND : FIRST));
            }
            stop.compareAndSet(0, 1);
            for (var thread : firing) {
                thread.join();
            }
            set.unload();
        }
        assertThat(stop.get()).as("the control hook always had a codelet").isEqualTo(1);
        var accounts = runtime.accounts();
        assertThat(accounts).allMatch(a -> a.missing() == 0);
        assertThat(accounts)
                .filteredOn(a -> a.codelet().equals("choose"))
                .singleElement()
                .satisfies(a -> assertThat(a.ok()
                                + a.dropped().values().stream()
                                        .mapToLong(n -> n)
                                        .sum())
                        .isEqualTo(fired.get()));
        assertThat(accounts)
                .filteredOn(a -> a.codelet().equals("count"))
                .singleElement()
                .satisfies(a -> assertThat(a.ok()
                                + a.dropped().values().stream()
                                        .mapToLong(n -> n)
                                        .sum())
                        .isEqualTo(fired.get()));
    }

    @Test
    void shouldRestWhileDisabled() throws Exception {
        var set = load(FIRST);
        HOOKS.seen(1, 0, 0);
        set.disable();
        assertThat(set.state()).isInstanceOf(CodeletSetState.Disabled.class);
        assertThat(HOOKS.choose(0, 0)).isEqualTo(-1);
        HOOKS.seen(2, 0, 0);
        Sets.drain(runtime);
        assertThat(Sets.word(runtime, "set/counts", 0))
                .as("what was queued before")
                .isEqualTo(1);

        set.disable();
        set.enable();
        set.enable();
        assertThat(HOOKS.choose(0, 0)).isEqualTo(1);
        HOOKS.seen(3, 0, 0);
        Sets.drain(runtime);
        assertThat(Sets.word(runtime, "set/counts", 0)).isEqualTo(2);
        assertThat(runtime.accounts())
                .contains(new AttachmentAccount("set", "count", "probe/seen", "queued", 2, 2, 0, Map.of(), 0));

        set.disable();
        set.unload();
        assertThat(set.state()).isInstanceOf(CodeletSetState.Unloaded.class);
        assertThat(runtime.accounts()).allMatch(a -> a.missing() == 0);
    }

    @Test
    void shouldNotTakeAControlHookBackFromAnotherSet() throws Exception {
        var set = load(FIRST);
        set.disable();
        Sets.load(runtime, "other", "codelets: [{object: control.bpf.o}]");
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(set::enable)
                .withMessageContaining("a control hook takes one codelet");
        assertThat(set.state()).isInstanceOf(CodeletSetState.Disabled.class);
        assertThat(HOOKS.choose(2, 3)).isEqualTo(5);
    }
}

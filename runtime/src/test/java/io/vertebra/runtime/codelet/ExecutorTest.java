package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.RuntimeSettings;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Codelets are compiled unless their descriptor says otherwise, and nothing of them stays behind. */
@Timeout(120)
class ExecutorTest {

    private static final int LOADS = 300;

    @Test
    void shouldCompileUnlessTheDescriptorSaysOtherwise() throws Exception {
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            var usual = Sets.load(runtime, "usual", "codelets: [{object: count.bpf.o}]");
            var compiled = Sets.load(
                    runtime, "compiled", "codelets: [{object: payload.bpf.o, program: frame, executor: jit}]");
            var other = Sets.load(
                    runtime,
                    "other",
                    "codelets: [{object: count.bpf.o, executor: interpreter}]\nstreams: {others: {map: large_events}}");
            HOOKS.seen(1, 2, 30);
            HOOKS.frame(new byte[8], 0);
            Sets.drain(runtime);

            assertThat(usual.statistics().getFirst().executor()).isEqualTo("jit");
            assertThat(compiled.statistics().getFirst().executor()).isEqualTo("jit");
            assertThat(other.statistics().getFirst().executor()).isEqualTo("interpreter");
            assertThat(List.of(usual, compiled, other))
                    .allMatch(s -> s.statistics().getFirst().runs() == 1);
            assertThat(Sets.word(runtime, "usual/totals", 2)).isEqualTo(1);
            assertThat(Sets.word(runtime, "other/totals", 2)).isEqualTo(1);
            assertThat(Sets.word(runtime, "compiled/sums", 0)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"queued", "inline"})
    void shouldLetGoOfTheCodeOfUnloadedSets(String execution) throws Exception {
        List<WeakReference<Class<?>>> classes = new ArrayList<>();
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            for (int i = 0; i < LOADS; i++) {
                classes.add(loadAndUnload(runtime, execution));
            }
            awaitUnloading(classes);
            assertThat(classes.stream().filter(c -> !c.refersTo(null)).count()).isZero();
        }
    }

    private static WeakReference<Class<?>> loadAndUnload(CodeletRuntime runtime, String execution) throws Exception {
        var set = Sets.load(runtime, "set", "codelets: [{object: nothing.bpf.o, execution: " + execution + "}]");
        HOOKS.seen(1, 1, 1);
        var code = set.version().attachments().getFirst().executable().getClass();
        assertThat(code.isHidden()).isTrue();
        Sets.drain(runtime);
        set.unload();
        return new WeakReference<>(code);
    }

    private static void awaitUnloading(List<WeakReference<Class<?>>> classes) throws InterruptedException {
        for (int round = 0; round < 50 && classes.stream().anyMatch(c -> !c.refersTo(null)); round++) {
            System.gc();
            Thread.sleep(20);
        }
    }
}

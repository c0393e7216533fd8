package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.JbpfHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertebra.config.DescriptorReader;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.vm.helper.HelperAbi;
import io.vertebra.vm.helper.HelperGroup;
import io.vertebra.vm.helper.HelperGroup.Helper;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Codelets of jbpf's ABI on hooks of jbpf's kind, loaded by jbpf's descriptors. */
class JbpfSetTest {

    private static final String COUNT = """
        - codelet_name: %s
          codelet_path: jbpf_count.bpf.o
          hook_name: %s
          priority: 2
          out_io_channel:
            - {name: records, stream_id: 00112233445566778899aabbccddeeff, serde: {file_path: a.so}}
        """;
    private static final String STEER = """
        - codelet_name: steer
          codelet_path: jbpf_steer.bpf.o
          hook_name: ctrl_test0
          in_io_channel: [{name: wishes}]
          linked_maps: [{map_name: shared, linked_codelet_name: count, linked_map_name: counter}]
        """;

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));

    @AfterEach
    void close() {
        runtime.close(Duration.ofSeconds(5));
    }

    private CodeletSet load(String name, String... codelets) throws LoadException {
        assertThat(HOOKS).isNotNull(); // initialised, so that its hooks are known
        var yaml = "codeletset_id: " + name + "\ncodelet_descriptor:\n" + String.join("", codelets);
        return runtime.open(DescriptorReader.parse(yaml, name, Sets.folder())).load();
    }

    private static MemorySegment data(int first, int second) {
        return MemorySegment.ofArray(new int[] {first, second});
    }

    private static byte[] word(long value) {
        var bytes = new byte[Long.BYTES];
        MemorySegment.ofArray(bytes).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, value);
        return bytes;
    }

    @Test
    void shouldRunOnItsHookOnly() throws Exception {
        load("set", COUNT.formatted("count", "test1"));
        HOOKS.test1(data(7, 8), 42);
        HOOKS.test1111(data(7, 8), 42);
        List<List<Object>> records = new ArrayList<>();
        runtime.output(batch -> {
            for (int i = 0; i < batch.size(); i++) {
                var r = batch.record(i);
                records.add(List.of(
                        batch.stream().name(),
                        r.get(ValueLayout.JAVA_INT_UNALIGNED, 0),
                        r.get(ValueLayout.JAVA_INT_UNALIGNED, 4),
                        r.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)));
            }
        });
        Sets.drain(runtime);
        assertThat(records).containsExactly(List.of("set.count.records", 42, 7, 1L));
        assertThat(runtime.accounts())
                .singleElement()
                .satisfies(a -> assertThat(a.ok()).isEqualTo(1));
    }

    @Test
    void shouldControlWithWhatIsSent() throws Exception {
        var count = COUNT.formatted("count", "test1");
        var set = load("set", count, STEER);
        assertThat(HOOKS.control(data(0, 0), 0)).isZero();
        for (int i = 0; i < 3; i++) {
            HOOKS.test1(data(i, 0), 0);
        }
        Sets.drain(runtime);
        assertThat(runtime.input("set.steer.wishes").send(word(14))).isTrue();
        assertThat(HOOKS.control(data(0, 0), 0)).as("the counter is linked").isEqualTo(42);
        assertThat(HOOKS.control(data(0, 0), 0)).isEqualTo(42);
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load("other", STEER, count))
                .withMessageContaining("a control hook takes one codelet");
        set.unload();
        assertThat(HOOKS.control(data(0, 0), 0)).isZero();
        assertThat(runtime.inputs()).isEmpty();
    }

    @Test
    void shouldTakeAsManyInputsAsJbpf() throws Exception {
        load("set", COUNT.formatted("count", "test1"), STEER);
        int taken = 0;
        for (int i = 0; i < 300; i++) {
            taken += runtime.input("set.steer.wishes").send(word(i)) ? 1 : 0;
        }
        assertThat(taken).isEqualTo(255);
        assertThat(runtime.input("set.steer.wishes").refused()).isEqualTo(45);
    }

    @Test
    void shouldCountWhatAFullRingRefuses() throws Exception {
        load("set", COUNT.formatted("count", "test1"));
        for (int i = 0; i < 100; i++) {
            HOOKS.test1(data(i, 0), 0);
        }
        Sets.drain(runtime);
        assertThat(runtime.streamAccounts()).singleElement().satisfies(stream -> {
            assertThat(stream.dropped()).isEqualTo(Map.of(DropCause.OUTPUT_FULL, 100L - 10));
            assertThat(stream.missing()).isZero();
        });
    }

    @Test
    void shouldChangeThePayloadInPlaceWhenInline() throws Exception {
        assertThat(HOOKS).isNotNull();
        runtime.open(DescriptorReader.parse("""
            codeletset: set
            codelets: [{object: jbpf_count.bpf.o, program: jbpf_main, name: count, hook: test1111,
              execution: inline}]
            """, "set", Sets.folder())).load();
        var payload = data(7, 8);
        HOOKS.test1111(payload, 1);
        HOOKS.test1111(payload, 1);
        assertThat(payload.get(ValueLayout.JAVA_INT, 4)).isEqualTo(2);
        HOOKS.test1111(payload.asSlice(0, 4), 1);
        assertThat(Sets.word(runtime, "set/counter", 0)).as("too short").isEqualTo(2);
    }

    @HelperGroup(value = "", abi = HelperAbi.JBPF)
    interface RadioHelpers {
        @Helper(id = 32)
        int addUp(long a, int b);

        @Helper(id = 7, overrides = true)
        long now();
    }

    private static final class Radio implements RadioHelpers {
        @Override
        public int addUp(long a, int b) {
            return (int) a + b;
        }

        @Override
        public long now() {
            return 100;
        }
    }

    @Test
    void shouldCallTheApplication() throws Exception {
        var codelet = """
            - codelet_name: helped
              codelet_path: jbpf_helper.bpf.o
              hook_name: ctrl_test0
            """;
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load("set", codelet))
                .withMessageContaining("helper 32 is not available here");
        var bound = runtime.helpers(MethodHandles.lookup(), RadioHelpers.class, new Radio());
        assertThat(bound.declarations()).contains("add_up").contains("(void *)32");
        load("set", codelet);
        assertThat(HOOKS.control(data(0, 0), 44)).isEqualTo(142);
    }

    @Test
    void shouldRefuseHooksWithAnotherContext() {
        assertThat(ProbeHooks.HOOKS).isNotNull();
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load("set", COUNT.formatted("count", "probe/seen")))
                .withMessage("codelet `count`: of jbpf's ABI, the context of hook `probe/seen` begins with [id, route,"
                        + " bytes], needed is [data, data_end, meta_data]: declare it with @JbpfContext");
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load("set", COUNT.formatted("count", "test2")))
                .withMessageStartingWith("codelet `count`: no hook `test2` in this process, the closest");
        assertThatExceptionOfType(LoadException.class)
                .as("control hooks without a writable payload")
                .isThrownBy(() -> load("set", COUNT.formatted("count", "ctrl_test0")))
                .withMessageContaining("rejected by the verifier");
        assertThat(runtime.sets()).isEmpty();
    }
}

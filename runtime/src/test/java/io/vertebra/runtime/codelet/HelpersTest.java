package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.ProbeHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.vm.helper.HelperGroup;
import io.vertebra.vm.helper.HelperGroup.Filled;
import io.vertebra.vm.helper.HelperGroup.Helper;
import io.vertebra.vm.helper.HelperPrototype;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application's own helpers, from the hook to the method and back. */
class HelpersTest {

    @TempDir
    Path folder;

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));

    @HelperGroup("probe")
    public interface ProbeHelpers {
        @Helper(id = 65537)
        long backend(int route, long load);

        @Helper(id = 65538)
        boolean isOpen(int route);
    }

    private static final class Probe implements ProbeHelpers {
        @Override
        public long backend(int route, long load) {
            return route * 100L + load;
        }

        @Override
        public boolean isOpen(int route) {
            return route != 3;
        }
    }

    @HelperGroup("")
    interface OwnCore {
        @Helper(id = 8, overrides = true)
        long core();
    }

    @HelperGroup("other")
    interface Other {
        @Helper(id = 65538)
        void stop();
    }

    @HelperGroup("")
    interface OwnLookup {
        @Helper(id = 1, overrides = true)
        long lookup(long map, long key);
    }

    @HelperGroup("")
    interface OwnNothing {
        @Helper(id = 9999, overrides = true)
        long nothing();
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    private void load() throws Exception {
        assertThat(HOOKS).isNotNull(); // initialised, so that its hooks are known
        Files.copy(
                Path.of(HelpersTest.class.getResource("/codelets/helpers.bpf.o").toURI()),
                folder.resolve("helpers.bpf.o"));
        var descriptor = folder.resolve("set.yaml");
        runtime.load(Files.writeString(descriptor, "codeletset: set\ncodelets: [{object: helpers.bpf.o}]\n"));
    }

    @Test
    void shouldCallTheApplication() throws Exception {
        var bound = runtime.helpers(MethodHandles.publicLookup(), ProbeHelpers.class, new Probe());
        runtime.helpers(MethodHandles.lookup(), OwnCore.class, () -> 7000);
        load();
        assertThat(HOOKS.choose(4, 5)).isEqualTo(7405);
        assertThat(HOOKS.choose(-4, 5)).isEqualTo(7000 - 395);
        assertThat(HOOKS.choose(3, 5)).isEqualTo(-5);
        assertThat(bound.helpers())
                .map(helper -> helper.prototype().name())
                .containsExactly("probe_backend", "probe_is_open");
        assertThat(bound.declarations()).isEqualTo("""
            static __s64 (*const probe_backend)(__s32 route, __s64 load) = (void *)65537;
            static _Bool (*const probe_is_open)(__s32 route) = (void *)65538;
            """);
        assertThat(runtime.helpers()).map(g -> g.helpers().size()).containsExactly(2, 1);
        assertThat(runtime.helpers().getLast().declarations()).isEmpty();
    }

    @HelperGroup("probe")
    interface MemoryHelpers {
        @Helper(id = 65560)
        long reverse(MemorySegment from, @Filled MemorySegment to);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jit", "interpreter"})
    void shouldGiveTheApplicationMemory(String executor) throws Exception {
        MemoryHelpers reversing = (from, to) -> {
            long words = from.byteSize() / Integer.BYTES;
            for (long i = 0; i < words; i++) {
                to.setAtIndex(
                        ValueLayout.JAVA_INT_UNALIGNED,
                        i,
                        from.getAtIndex(ValueLayout.JAVA_INT_UNALIGNED, words - 1 - i));
            }
            return to.byteSize();
        };
        runtime.helpers(MethodHandles.lookup(), MemoryHelpers.class, reversing);
        var set = Sets.load(runtime, "set", "codelets: [{object: memory_helper.bpf.o, executor: " + executor + "}]");
        assertThat(HOOKS.choose(4, 5)).isEqualTo(5004);
        assertThat(set.statistics().getFirst().executor()).isEqualTo(executor);
        assertThat(set.statistics().getFirst().errors()).isZero();
    }

    @Test
    void shouldRejectCallsOfHelpersThatAreNotThere() {
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(this::load)
                .withMessageContaining("helper 65538 is not available here");
    }

    @Test
    void shouldNameBothHelpersOfANumber() {
        runtime.helpers(MethodHandles.lookup(), ProbeHelpers.class, new Probe());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runtime.helpers(MethodHandles.lookup(), Other.class, () -> {}))
                .withMessage("helper 65538 `other_stop` of " + Other.class.getName() + ": "
                        + ProbeHelpers.class.getName() + " has 65538 `probe_is_open` already");
        runtime.helpers(MethodHandles.lookup(), OwnCore.class, () -> 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runtime.helpers(MethodHandles.lookup(), OwnCore.class, () -> 2))
                .withMessageContaining("has 8 `get_smp_processor_id` already");
        assertThat(runtime.helpers())
                .flatMap(g -> g.helpers().stream().map(h -> h.prototype()).toList())
                .map(HelperPrototype::id)
                .containsExactly(65537, 65538, 8);
    }

    @Test
    void shouldKeepThePrototypesOfBuiltInHelpers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runtime.helpers(MethodHandles.lookup(), OwnLookup.class, (_, _) -> 0))
                .withMessage("helper `lookup`: overrides 1 `map_lookup_elem` with [SCALAR, SCALAR] and SCALAR, needed"
                        + " are [MAP, MAP_KEY] and MAP_VALUE_OR_NULL");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runtime.helpers(MethodHandles.lookup(), OwnNothing.class, () -> 0))
                .withMessage("helper `nothing`: overrides 9999, there is no built-in helper 9999");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> runtime.helpers(MethodHandles.publicLookup(), OwnCore.class, () -> 0))
                .withMessageContaining("may not call it, make the interface public or give a lookup of its package");
    }
}

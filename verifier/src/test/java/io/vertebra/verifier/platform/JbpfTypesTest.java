package io.vertebra.verifier.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.HelperPrototype.Result;
import io.vertebra.vm.program.MapType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JbpfTypesTest {

    private static JbpfTypes helper(int id, String name, Result result, Argument... arguments) {
        return new JbpfTypes(List.of(), List.of(new HelperPrototype(id, name, List.of(arguments), result)), Map.of());
    }

    private static void refused(Runnable types, String message) {
        assertThatThrownBy(types::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void shouldTellProgramTypesByTheirSections() {
        var longer = JbpfProgramType.of("jbpf_ran_layer2", 32);
        var types = new JbpfTypes(List.of(JbpfProgramType.of("jbpf_ran", 27), longer), List.of(), Map.of());
        assertThat(types.programOf("jbpf_ran_layer2/one")).isEqualTo(longer);
        assertThat(types.programOf("jbpf_ran_ofh").context().name()).isEqualTo("jbpf_ran_ctx");
        assertThat(types.programOf("jbpf_stats")).isEqualTo(JbpfProgramType.STATS);
        assertThat(types.programOf("jbpf_generic/one")).isEqualTo(JbpfProgramType.GENERIC);
        assertThat(types.programOf("anything")).isEqualTo(JbpfProgramType.GENERIC);
    }

    @Test
    void shouldLayContextsOut() {
        assertThat(JbpfProgramType.of("t", 24).context().size()).isEqualTo(24);
        assertThat(JbpfProgramType.of("t", 27).context().size()).isEqualTo(32);
        assertThat(JbpfProgramType.GENERIC.context().size()).isEqualTo(32);
        refused(() -> JbpfProgramType.of("t", 23), "program type `t`: context of 23 bytes, allowed is 24 to 512");
        refused(() -> JbpfProgramType.of("t", 513), "program type `t`: context of 513 bytes, allowed is 24 to 512");
    }

    @Test
    void shouldHaveAllHelpersOfJbpfAndThese() {
        var types = helper(7, "own_time", Result.VOID);
        assertThat(types.allHelpers()).hasSize(18).containsKeys(1, 18);
        assertThat(types.allHelpers().get(7).name()).isEqualTo("own_time");
        assertThat(helper(63, "f", Result.MAP_VALUE_OR_NULL, Argument.MAP, Argument.MAP_KEY)
                        .allHelpers())
                .hasSize(19);
    }

    @Test
    void shouldRefuseHelpersThatCannotBeChecked() {
        refused(() -> helper(0, "f", Result.VOID), "helper `f`: id=0, allowed is 1 to 63");
        refused(() -> helper(64, "f", Result.VOID), "helper `f`: id=64, allowed is 1 to 63");
        refused(() -> helper(32, "tail_call", Result.VOID), "helper `tail_call`: its name is that of a helper");
        refused(() -> helper(32, "f", Result.RESERVATION_OR_NULL), "helper `f`: result RESERVATION_OR_NULL, allowed");
        refused(
                () -> helper(32, "f", Result.MAP_VALUE_OR_NULL, Argument.SCALAR),
                "helper `f`: result MAP_VALUE_OR_NULL without an argument MAP");
        refused(
                () -> helper(32, "f", Result.VOID, Argument.RESERVATION),
                "helper `f`: argument RESERVATION, allowed are");
        refused(() -> helper(32, "f", Result.VOID, Argument.MAP_KEY), "helper `f`: argument MAP_KEY at place 1: ");
        refused(() -> helper(32, "f", Result.VOID, Argument.READABLE), "helper `f`: argument READABLE at place 1: ");
        refused(
                () -> helper(32, "f", Result.VOID, Argument.SCALAR, Argument.SIZE),
                "helper `f`: argument SIZE at place 2: ");
    }

    @Test
    void shouldRefuseMapTypesThatAreNotFree() {
        refused(
                () -> new JbpfTypes(List.of(), List.of(), Map.of(15, MapType.HASH)),
                "map type 15: stands for HASH, allowed are numbers from 16 for");
        refused(
                () -> new JbpfTypes(List.of(), List.of(), Map.of(16, MapType.RINGBUF)),
                "map type 16: stands for RINGBUF, allowed are numbers from 16 for");
    }
}

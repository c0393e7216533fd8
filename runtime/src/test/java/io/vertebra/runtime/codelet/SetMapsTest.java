package io.vertebra.runtime.codelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.config.CodeletSetDescriptor.Executor;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.map.BpfMapOfMaps;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.object.ObjectFile.MapSlot;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SetMapsTest {

    private static final MapSpec INNER = MapSpec.of("inner", MapType.ARRAY, 4, 8, 1);
    private static final MapSpec OUTER =
            MapSpec.of("outer", MapType.HASH_OF_MAPS, 4, 4, 2).withInner(INNER);

    private static SetMaps create(MapSlot... slots) throws LoadException {
        var maps = List.of(OUTER, INNER, MapSpec.of("other", MapType.ARRAY, 4, 16, 1));
        var file = new ObjectFile(
                "o.bpf.o",
                List.of(),
                maps,
                List.of(slots),
                Btf.EMPTY,
                Optional.empty(),
                List.of(),
                Map.of(),
                ObjectFile.Abi.NATIVE);
        var codelet = new PlannedCodelet(
                "c", Path.of("o.bpf.o"), file, null, null, Execution.QUEUED, Executor.JIT, 1, Map.of(), Duration.ZERO);
        return SetMaps.create(MapPlan.of(List.of(codelet)), Map.of(Path.of("o.bpf.o"), file), Map.of(), 1, 1 << 20);
    }

    @Test
    void shouldPutInitialInnerMaps() throws LoadException {
        var maps = create(new MapSlot("outer", 1, "inner"));
        var outer = (BpfMapOfMaps) maps.find("outer").orElseThrow();
        assertThat(outer.inner(new byte[] {1, 0, 0, 0}))
                .containsSame(maps.find("inner").orElseThrow());
        assertThat(outer.size()).isEqualTo(1);
    }

    @Test
    void shouldNameWrongInitialInnerMaps() {
        assertThatThrownBy(() -> create(new MapSlot("outer", 0, "other")))
                .isInstanceOf(LoadException.class)
                .hasMessageStartingWith("object `o.bpf.o`: map `outer`: inner map `other` is ARRAY with key_size=4, "
                        + "value_size=16");
        assertThatThrownBy(() -> create(new MapSlot("outer", 0, "main")))
                .isInstanceOf(LoadException.class)
                .hasMessage("object `o.bpf.o`: map `outer`: initial entry 0 is program `main`, needed is a map");
    }
}

package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BpfMapTest {

    @ParameterizedTest
    @EnumSource(names = {"PERF_EVENT_ARRAY", "STACK_TRACE", "ARRAY_OF_MAPS", "HASH_OF_MAPS"})
    void shouldNameUnsupportedTypes(MapType type) {
        assertThatThrownBy(() -> BpfMap.create(MapSpec.of("m", type, 4, 4, 1), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map `m`: type " + type + " is not supported");
    }

    @Test
    void shouldNeedSlots() {
        assertThatThrownBy(() -> BpfMap.create(MapSpec.of("m", MapType.ARRAY, 4, 4, 1), 0))
                .hasMessage("map `m`: slots=0, at least 1 is needed");
    }
}

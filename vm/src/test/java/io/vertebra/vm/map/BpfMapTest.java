package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BpfMapTest {

    @ParameterizedTest
    @EnumSource(names = {"CGROUP_ARRAY", "DEVMAP", "CPUMAP", "XSKMAP", "SOCKHASH", "STRUCT_OPS", "ARENA"})
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

    @Test
    void shouldKnowEveryLinuxType() {
        for (int number = 1; number <= MapType.LAST_OF_LINUX; number++) {
            assertThat(MapType.of(number).orElseThrow().number()).isEqualTo(number);
        }
        assertThat(MapType.of(0)).isEmpty();
        assertThat(MapType.of(-1)).isEmpty();
        assertThat(MapType.of(MapType.LAST_OF_LINUX + 1)).isEmpty();
    }

    @Test
    void shouldKeepSmallMapsSmall() {
        var hash = MapSpec.of("m", MapType.HASH, 4, 16, 16);
        assertThat(BpfMap.memoryBytes(hash, 20)).isLessThan(16 << 10);
        assertThat(BpfMap.create(hash, 20).memoryBytes()).isEqualTo(BpfMap.memoryBytes(hash, 20));
        assertThat(BpfMap.memoryBytes(MapSpec.of("m", MapType.PERCPU_HASH, 4, 16, 16), 20))
                .isLessThan(64 << 10);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEstimateAnyDeclaration(MapType type) {
        assertThat(BpfMap.memoryBytes(MapSpec.of("m", type, -1, -1, -1), 1)).isNotNegative();
        assertThat(BpfMap.memoryBytes(MapSpec.of("m", type, 512, Integer.MAX_VALUE, Integer.MAX_VALUE), 1000))
                .isBetween(0L, 1L << 60);
    }
}

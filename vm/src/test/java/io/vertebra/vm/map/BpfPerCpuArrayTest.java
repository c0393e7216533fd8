package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class BpfPerCpuArrayTest extends BpfMapContractTest {

    @Override
    MapSpec spec(int maxEntries) {
        return MapSpec.of("m", MapType.PERCPU_ARRAY, 4, VALUE_SIZE, maxEntries);
    }

    @Override
    int slots() {
        return 3;
    }

    @Override
    boolean fixed() {
        return true;
    }

    @Test
    void shouldGiveEachSlotItsOwnValue() {
        for (int slot = 0; slot < 3; slot++) {
            map.update(MemorySegment.ofArray(key(5)), 0, MemorySegment.ofArray(value(100 + slot)), 0, 0, slot);
        }
        assertThat(map.getPerSlot(key(5))).containsExactly(value(100), value(101), value(102));
        assertThat(map.getPerSlot(key(4))).containsExactly(new byte[12], new byte[12], new byte[12]);
    }

    @Test
    void shouldNotGiveOneValueForMany() {
        assertThatThrownBy(() -> map.get(key(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("map `m`: a per-CPU map has 3 values per key, read them per slot");
    }

    @Test
    void shouldKeepSlotsOffSharedCacheLines() {
        long gap = map.valueOffset(0, 1) - (map.valueOffset(CAPACITY - 1, 0) + VALUE_SIZE);
        assertThat(gap).isGreaterThanOrEqualTo(128);
        assertThat(map.valueOffset(0, 1) % map.stride()).isZero();
    }
}

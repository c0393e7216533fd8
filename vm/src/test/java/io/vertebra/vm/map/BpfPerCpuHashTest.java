package io.vertebra.vm.map;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class BpfPerCpuHashTest extends BpfMapContractTest {

    @Override
    MapSpec spec(int maxEntries) {
        return MapSpec.of("m", MapType.PERCPU_HASH, 4, VALUE_SIZE, maxEntries);
    }

    @Override
    int slots() {
        return 3;
    }

    @Test
    void shouldZeroOtherSlotsOfNewKeys() {
        for (int round = 0; round < 1000; round++) {
            int slot = round % 3;
            map.update(MemorySegment.ofArray(key(round)), 0, MemorySegment.ofArray(value(round + 1)), 0, 0, slot);
            for (int other = 0; other < 3; other++) {
                assertThat(number(map.getPerSlot(key(round)).get(other))).isEqualTo(other == slot ? round + 1 : 0);
            }
            map.update(MemorySegment.ofArray(key(round)), 0, MemorySegment.ofArray(value(-1)), 0, 0, (slot + 1) % 3);
            map.delete(key(round));
        }
    }
}

package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;

class BpfLruPerCpuHashTest extends BpfLruHashTest {

    @Override
    MapSpec spec(int maxEntries) {
        return MapSpec.of("m", MapType.LRU_PERCPU_HASH, 4, VALUE_SIZE, maxEntries);
    }

    @Override
    int slots() {
        return 3;
    }
}

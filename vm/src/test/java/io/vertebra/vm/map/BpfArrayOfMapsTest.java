package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;

class BpfArrayOfMapsTest extends BpfMapOfMapsContractTest {

    @Override
    MapSpec spec() {
        return MapSpec.of("m", MapType.ARRAY_OF_MAPS, 4, 4, 4);
    }
}

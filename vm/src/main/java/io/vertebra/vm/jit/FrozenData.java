package io.vertebra.vm.jit;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.isa.Instruction.Load;
import io.vertebra.vm.map.BpfMap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** Reads constant data, which is folded into the code. */
final class FrozenData {

    private FrozenData() {}

    /** What a load gives whose base is known and leads into constant data; null otherwise. */
    static Origin read(List<BpfMap> maps, Origin base, Load i) {
        if (!(base instanceof Origin.Constant(long address))) {
            return null;
        }
        for (int m = 0; m < maps.size(); m++) {
            long offset = address + i.offset() - Addresses.mapValues(m);
            var map = maps.get(m);
            if (map.spec().frozen()
                    && offset >= 0
                    && offset + i.size().bytes() <= map.spec().valueSize()) {
                return new Origin.Constant(word(map.values(), offset, i));
            }
        }
        return null;
    }

    private static long word(MemorySegment values, long offset, Load i) {
        long value = 0;
        for (int k = i.size().bytes() - 1; k >= 0; k--) {
            value = (value << Byte.SIZE) | (values.get(ValueLayout.JAVA_BYTE, offset + k) & 0xffL);
        }
        int unused = Long.SIZE - i.size().bytes() * Byte.SIZE;
        return i.signed() ? value << unused >> unused : value;
    }
}

package io.vertebra.vm.exec;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.List;

/** Maps whose values are {@code struct { __u64 count; struct bpf_spin_lock lock; __u32 other; struct bpf_timer timer; }}. */
final class OpaqueValues {

    static final int LOCK = 8;
    static final int TIMER = 16;
    static final int SIZE = 32;

    private static final Btf TYPES = new Btf(List.of(
            new BtfType.Void(),
            new BtfType.Int("unsigned int", 4, 32, 0, false, false, false),
            new BtfType.Int("unsigned long long", 8, 64, 0, false, false, false),
            new BtfType.Struct("bpf_spin_lock", 4, false, List.of(new Member("val", 1, 0, 0))),
            new BtfType.Struct("bpf_timer", 16, false, List.of()),
            new BtfType.Struct(
                    "value",
                    SIZE,
                    false,
                    List.of(
                            new Member("count", 2, 0, 0),
                            new Member("lock", 3, 8 * LOCK, 0),
                            new Member("other", 1, 96, 0),
                            new Member("timer", 4, 8 * TIMER, 0)))));
    private static final int VALUE = 5;

    private OpaqueValues() {}

    static BpfMap map(MapType type, int entries) {
        return BpfMap.create(new MapSpec("locked", type, 4, SIZE, entries, 0, false, new byte[0], TYPES, 0, VALUE), 1);
    }
}

package io.vertebra.verifier.soundness;

import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfType.Member;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfMapOfMaps;
import io.vertebra.vm.map.BpfProgramArray;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import java.util.List;

/** The maps of generated programs, and the context's size. */
final class Subject {

    static final int ARRAY = 0;
    static final int HASH = 1;
    static final int RING = 2;
    static final int CONSTANTS = 3;
    static final int QUEUE = 4;
    static final int PER_CPU = 5;
    static final int PERF = 6;
    static final int STACKS = 7;
    static final int PROGRAMS = 8;
    static final int OPAQUE = 9;
    static final int SAMPLES = 10;
    static final int MAP_ARRAY = 11;
    static final int MAP_HASH = 12;
    static final int PER_THREAD = 13;
    static final int JBPF_RING = 14;
    static final int JBPF_INPUT = 15;
    static final int JBPF_OUTPUT = 16;

    static final int ARRAY_VALUE = 64;
    static final int ARRAY_BYTES = 4 * ARRAY_VALUE;
    static final int HASH_VALUE = 16;
    static final int PER_CPU_VALUE = 16;
    static final int QUEUE_VALUE = 8;
    static final int RECORD = 16;

    /** Two numbers, a format for one number, and a word. */
    private static final byte[] CONSTANT_BYTES = {7, 0, 0, 0, -1, 2, 3, 4, 'x', '%', 'd', 0, 'a', 'b', 'c', 0};

    static final int FORMAT = 8;
    static final int WORD = 12;

    /** Where a value of OPAQUE has its lock and its timer. */
    static final int LOCK = 8;

    static final int TIMER = 16;
    static final int OPAQUE_VALUE = 48;

    /** {@code struct value { __u64 count; struct bpf_spin_lock lock; __u32 more; struct bpf_timer timer; __u64 rest[2]; }}. */
    private static final Btf OPAQUE_TYPES = new Btf(List.of(
            new BtfType.Void(),
            new BtfType.Int("unsigned int", 4, 32, 0, false, false, false),
            new BtfType.Int("unsigned long long", 8, 64, 0, false, false, false),
            new BtfType.Struct("bpf_spin_lock", 4, false, List.of(new Member("val", 1, 0, 0))),
            new BtfType.Struct("bpf_timer", 16, false, List.of()),
            new BtfType.Struct(
                    "value",
                    OPAQUE_VALUE,
                    false,
                    List.of(
                            new Member("count", 2, 0, 0),
                            new Member("lock", 3, Byte.SIZE * LOCK, 0),
                            new Member("more", 1, 96, 0),
                            new Member("timer", 4, Byte.SIZE * TIMER, 0),
                            new Member("first", 2, 256, 0),
                            new Member("second", 2, 320, 0)))));

    private static final MapSpec INNER_ARRAY = MapSpec.of("inner_values", MapType.ARRAY, 4, ARRAY_VALUE, 2);
    private static final MapSpec INNER_HASH =
            new MapSpec("inner_flows", MapType.HASH, 8, OPAQUE_VALUE, 4, 0, false, new byte[0], OPAQUE_TYPES, 0, 5);

    static final List<MapSpec> MAPS = List.of(
            MapSpec.of("values", MapType.ARRAY, 4, ARRAY_VALUE, 4),
            MapSpec.of("flows", MapType.HASH, 8, HASH_VALUE, 8),
            MapSpec.of("events", MapType.RINGBUF, 0, 0, 4096),
            new MapSpec(".rodata", MapType.ARRAY, 4, 16, 1, 0, true, CONSTANT_BYTES, Btf.EMPTY, 0, 0),
            MapSpec.of("queue", MapType.QUEUE, 0, QUEUE_VALUE, 4),
            MapSpec.of("counters", MapType.PERCPU_ARRAY, 4, PER_CPU_VALUE, 2),
            MapSpec.of("perf", MapType.PERF_EVENT_ARRAY, 4, 4, 2),
            MapSpec.of("stacks", MapType.STACK_TRACE, 4, 1016, 4),
            MapSpec.of("programs", MapType.PROG_ARRAY, 4, 4, 2),
            new MapSpec("opaque", MapType.ARRAY, 4, OPAQUE_VALUE, 2, 0, false, new byte[0], OPAQUE_TYPES, 0, 5),
            MapSpec.of("samples", MapType.USER_RINGBUF, 0, 0, 64),
            MapSpec.of("maps", MapType.ARRAY_OF_MAPS, 4, 4, 3).withInner(INNER_ARRAY),
            MapSpec.of("named", MapType.HASH_OF_MAPS, 4, 4, 4).withInner(INNER_HASH),
            MapSpec.of("own", MapType.JBPF_PER_THREAD_HASHMAP, 8, HASH_VALUE, 4),
            MapSpec.of("jbpf_ring", MapType.JBPF_RINGBUF, 0, RECORD, 8),
            MapSpec.of("jbpf_input", MapType.JBPF_CONTROL_INPUT, 0, RECORD, 4),
            MapSpec.of("jbpf_output", MapType.JBPF_OUTPUT, 0, ARRAY_VALUE, 8));

    static final int CONTEXT_BYTES = 48;

    /** How many bytes of a context are numbers. */
    static final int NUMBER_BYTES = 24;

    private Subject() {}

    /** The live maps of one program, the maps of maps filled but for one place, one program to continue in. */
    static List<BpfMap> maps() {
        var maps = MAPS.stream().map(m -> BpfMap.create(m, 2)).toList();
        for (byte key = 0; key < 2; key++) {
            ((BpfMapOfMaps) maps.get(MAP_ARRAY)).put(new byte[] {key, 0, 0, 0}, BpfMap.create(INNER_ARRAY, 2));
            ((BpfMapOfMaps) maps.get(MAP_HASH)).put(new byte[] {key, 0, 0, 0}, BpfMap.create(INNER_HASH, 2));
        }
        var next = new Draft().mov(0, Draft.c(7)).exit();
        var target = Draft.program(Setting.NATIVE, List.of(next));
        ((BpfProgramArray) maps.get(PROGRAMS)).put(0, Interpreter.prepare(target, maps, Helpers.none(), 9));
        return maps;
    }

    /** The maps of a program by the numbers that the verifier has for them: inner maps are behind the others. */
    static List<MapSpec> specs(Program program) {
        return InnerMaps.added(program).maps();
    }
}

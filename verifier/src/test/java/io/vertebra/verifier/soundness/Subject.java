package io.vertebra.verifier.soundness;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Field;
import io.vertebra.vm.program.ContextLayout.Kind;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the generated programs are verified against and run with. */
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

    static final int ARRAY_VALUE = 64;
    static final int ARRAY_BYTES = 4 * ARRAY_VALUE;
    static final int HASH_VALUE = 16;
    static final int PER_CPU_VALUE = 16;
    static final int QUEUE_VALUE = 8;

    /** Two numbers, a format for one number, and a word. */
    private static final byte[] CONSTANT_BYTES = {7, 0, 0, 0, -1, 2, 3, 4, 'x', '%', 'd', 0, 'a', 'b', 'c', 0};

    static final int FORMAT = 8;
    static final int WORD = 12;

    static final List<MapSpec> MAPS = List.of(
            MapSpec.of("values", MapType.ARRAY, 4, ARRAY_VALUE, 4),
            MapSpec.of("flows", MapType.HASH, 8, HASH_VALUE, 8),
            MapSpec.of("events", MapType.RINGBUF, 0, 0, 4096),
            new MapSpec(".rodata", MapType.ARRAY, 4, 16, 1, 0, true, CONSTANT_BYTES, Btf.EMPTY, 0, 0),
            MapSpec.of("queue", MapType.QUEUE, 0, QUEUE_VALUE, 4),
            MapSpec.of("counters", MapType.PERCPU_ARRAY, 4, PER_CPU_VALUE, 2),
            MapSpec.of("perf", MapType.PERF_EVENT_ARRAY, 4, 4, 2),
            MapSpec.of("stacks", MapType.STACK_TRACE, 4, 1016, 4),
            MapSpec.of("programs", MapType.PROG_ARRAY, 4, 4, 2));

    static final int CONTEXT_BYTES = 48;
    static final int DATA = 32;
    static final int DATA_END = 40;

    /** Byte 13 is padding. */
    static final ContextLayout CONTEXT = new ContextLayout(
            "test_event",
            CONTEXT_BYTES,
            List.of(
                    new Field("number", 0, 8, Kind.SCALAR),
                    new Field("small", 8, 4, Kind.SCALAR),
                    new Field("tiny", 12, 1, Kind.SCALAR),
                    new Field("half", 14, 2, Kind.SCALAR),
                    new Field("text", 16, 16, Kind.STRING),
                    new Field("data", DATA, 8, Kind.PAYLOAD),
                    new Field("data_end", DATA_END, 8, Kind.PAYLOAD_END)));

    static final Helpers HELPERS = Helpers.standard((_, _) -> {});

    static final Map<Integer, HelperPrototype> PROTOTYPES = HELPERS.all().stream()
            .map(Helper::prototype)
            .collect(Collectors.toMap(HelperPrototype::id, Function.identity()));

    static final NativePlatform PLATFORM = new NativePlatform(CONTEXT, PROTOTYPES, 4096, true);

    private Subject() {}
}

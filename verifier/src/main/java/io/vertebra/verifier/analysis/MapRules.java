package io.vertebra.verifier.analysis;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Which map types the helpers with Linux ids work on ({@code check_map_func_compatibility} of the kernel). */
final class MapRules {

    private static final int LOOKUP = 1;
    private static final int LOOKUP_PER_CPU = 195;

    private static final Set<MapType> KEYED = EnumSet.of(
            MapType.HASH,
            MapType.ARRAY,
            MapType.PERCPU_HASH,
            MapType.PERCPU_ARRAY,
            MapType.LRU_HASH,
            MapType.LRU_PERCPU_HASH,
            MapType.LPM_TRIE);
    private static final Set<MapType> QUEUES = EnumSet.of(MapType.QUEUE, MapType.STACK);
    private static final Set<MapType> RINGS = EnumSet.of(MapType.RINGBUF);

    private static final Map<Integer, Set<MapType>> TYPES = Map.ofEntries(
            Map.entry(LOOKUP, KEYED),
            Map.entry(2, KEYED),
            Map.entry(3, KEYED),
            Map.entry(12, EnumSet.of(MapType.PROG_ARRAY)),
            Map.entry(25, EnumSet.of(MapType.PERF_EVENT_ARRAY)),
            Map.entry(27, EnumSet.of(MapType.STACK_TRACE)),
            Map.entry(87, QUEUES),
            Map.entry(88, QUEUES),
            Map.entry(89, QUEUES),
            Map.entry(130, RINGS),
            Map.entry(131, RINGS),
            Map.entry(134, RINGS),
            Map.entry(LOOKUP_PER_CPU, EnumSet.of(MapType.PERCPU_HASH, MapType.PERCPU_ARRAY, MapType.LRU_PERCPU_HASH)));

    /** {@code BPF_F_RDONLY_PROG}. */
    private static final int READ_ONLY = 1 << 7;

    /** {@code BPF_F_WRONLY_PROG}. */
    private static final int WRITE_ONLY = 1 << 8;

    private MapRules() {}

    /** Whether codelets may change values of the map. */
    static boolean isWritable(MapSpec map) {
        return !map.frozen() && (map.flags() & READ_ONLY) == 0;
    }

    /** Whether codelets may look at values of the map. */
    static boolean isReadable(MapSpec map) {
        return (map.flags() & WRITE_ONLY) == 0;
    }

    /** Whether a helper works on maps of a type; helpers that are not Linux's are not restricted. */
    static boolean accepts(int helper, MapType type) {
        var types = TYPES.get(helper);
        return types == null || types.contains(type);
    }

    /** The types that a helper works on. */
    static Set<MapType> types(int helper) {
        return TYPES.getOrDefault(helper, EnumSet.allOf(MapType.class));
    }

    /** Whether a helper never changes its map, so that it may get a frozen one. */
    static boolean readsOnly(int helper) {
        return helper == LOOKUP || helper == LOOKUP_PER_CPU;
    }
}

package io.vertebra.verifier.analysis;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Which map types helpers work on ({@code check_map_func_compatibility} of the kernel). By name: the same number means
 * other helpers in other ABIs.
 */
final class MapRules {

    private static final String LOOKUP = "map_lookup_elem";
    private static final String LOOKUP_PER_CPU = "map_lookup_percpu_elem";
    private static final String JBPF_LOOKUP = "jbpf_map_lookup_elem";
    private static final String JBPF_DUMP = "jbpf_map_dump";

    private static final String FOR_EACH = "for_each_map_elem";

    private static final Set<String> READERS = Set.of(LOOKUP, LOOKUP_PER_CPU, JBPF_LOOKUP, JBPF_DUMP, FOR_EACH);

    private static final Set<MapType> KEYED = EnumSet.of(
            MapType.HASH,
            MapType.ARRAY,
            MapType.PERCPU_HASH,
            MapType.PERCPU_ARRAY,
            MapType.LRU_HASH,
            MapType.LRU_PERCPU_HASH,
            MapType.LPM_TRIE);
    private static final Set<MapType> LOOKED_UP = EnumSet.of(MapType.ARRAY_OF_MAPS, MapType.HASH_OF_MAPS);

    private static final Set<MapType> ENTRIES = EnumSet.of(
            MapType.HASH,
            MapType.ARRAY,
            MapType.PERCPU_HASH,
            MapType.PERCPU_ARRAY,
            MapType.LRU_HASH,
            MapType.LRU_PERCPU_HASH);
    private static final Set<MapType> QUEUES = EnumSet.of(MapType.QUEUE, MapType.STACK);
    private static final Set<MapType> RINGS = EnumSet.of(MapType.RINGBUF);

    private static final Set<MapType> TABLES = EnumSet.of(
            MapType.HASH,
            MapType.ARRAY,
            MapType.PERCPU_HASH,
            MapType.PERCPU_ARRAY,
            MapType.LRU_HASH,
            MapType.JBPF_PER_THREAD_HASHMAP);

    private static final Set<MapType> JBPF_LOOKED_UP = EnumSet.of(MapType.ARRAY_OF_MAPS, MapType.HASH_OF_MAPS);

    private static final Map<String, Set<MapType>> TYPES = Map.ofEntries(
            Map.entry(LOOKUP, LOOKED_UP),
            Map.entry("map_update_elem", KEYED),
            Map.entry("map_delete_elem", KEYED),
            Map.entry(FOR_EACH, ENTRIES),
            Map.entry("tail_call", EnumSet.of(MapType.PROG_ARRAY)),
            Map.entry("perf_event_output", EnumSet.of(MapType.PERF_EVENT_ARRAY)),
            Map.entry("get_stackid", EnumSet.of(MapType.STACK_TRACE)),
            Map.entry("map_push_elem", QUEUES),
            Map.entry("map_pop_elem", QUEUES),
            Map.entry("map_peek_elem", QUEUES),
            Map.entry("ringbuf_output", RINGS),
            Map.entry("ringbuf_reserve", RINGS),
            Map.entry("ringbuf_query", RINGS),
            Map.entry("ringbuf_reserve_dynptr", RINGS),
            Map.entry("user_ringbuf_drain", EnumSet.of(MapType.USER_RINGBUF)),
            Map.entry(LOOKUP_PER_CPU, EnumSet.of(MapType.PERCPU_HASH, MapType.PERCPU_ARRAY, MapType.LRU_PERCPU_HASH)),
            Map.entry(JBPF_LOOKUP, JBPF_LOOKED_UP),
            Map.entry("jbpf_map_lookup_reset_elem", TABLES),
            Map.entry("jbpf_map_update_elem", TABLES),
            Map.entry("jbpf_map_delete_elem", TABLES),
            Map.entry("jbpf_map_clear", TABLES),
            Map.entry(JBPF_DUMP, TABLES),
            Map.entry("jbpf_ringbuf_output", EnumSet.of(MapType.JBPF_RINGBUF)),
            Map.entry("jbpf_control_input_receive", EnumSet.of(MapType.JBPF_CONTROL_INPUT)),
            Map.entry("jbpf_get_output_buf", EnumSet.of(MapType.JBPF_OUTPUT)),
            Map.entry("jbpf_send_output", EnumSet.of(MapType.JBPF_OUTPUT)));

    /** {@code BPF_F_RDONLY_PROG}. */
    private static final int READ_ONLY = 1 << 7;

    /** {@code BPF_F_WRONLY_PROG}. */
    private static final int WRITE_ONLY = 1 << 8;

    static {
        LOOKED_UP.addAll(KEYED);
        JBPF_LOOKED_UP.addAll(TABLES);
    }

    private MapRules() {}

    /** Whether codelets may change values of the map. */
    static boolean isWritable(MapSpec map) {
        return !map.frozen() && (map.flags() & READ_ONLY) == 0;
    }

    /** Whether codelets may look at values of the map. */
    static boolean isReadable(MapSpec map) {
        return (map.flags() & WRITE_ONLY) == 0;
    }

    /** Whether a helper works on maps of a type; an application's helpers are not restricted. */
    static boolean accepts(String helper, MapType type) {
        var types = TYPES.get(helper);
        return types == null || types.contains(type);
    }

    /** The types that a helper works on. */
    static Set<MapType> types(String helper) {
        return TYPES.getOrDefault(helper, EnumSet.allOf(MapType.class));
    }

    /** Whether a helper never changes its map, so that it may get a frozen one. */
    static boolean readsOnly(String helper) {
        return READERS.contains(helper);
    }
}

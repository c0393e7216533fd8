package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;

/** How much memory a live map takes, told before it is made. Stateless. */
final class MapMemory {

    private static final double MOST = 1L << 60;

    private static final int REFERENCE = 4;

    private MapMemory() {}

    /** Bytes, at most 2^60; sizes that a map cannot have count as 1. */
    static long bytes(MapSpec spec, int slots) {
        var sound = new MapSpec(
                spec.name(),
                spec.type(),
                Math.max(0, spec.keySize()),
                Math.max(1, spec.valueSize()),
                Math.max(1, spec.maxEntries()),
                spec.flags(),
                spec.frozen(),
                spec.initial(),
                spec.btf(),
                spec.keyType(),
                spec.valueType());
        return (long) Math.min(MOST, exact(sound, slots));
    }

    private static double exact(MapSpec spec, int slots) {
        double entries = spec.maxEntries();
        return switch (spec.type()) {
            case ARRAY -> BpfArray.bytes(spec, 1);
            case PERCPU_ARRAY -> BpfArray.bytes(spec, slots);
            case HASH, LRU_HASH, LPM_TRIE -> BpfHash.bytes(spec, 1);
            case PERCPU_HASH, LRU_PERCPU_HASH -> BpfHash.bytes(spec, slots);
            case JBPF_PER_THREAD_HASHMAP -> BpfPerThreadHash.bytes(spec, slots);
            case QUEUE, STACK, JBPF_CONTROL_INPUT -> BpfQueue.bytes(spec);
            case RINGBUF, USER_RINGBUF -> 2 * entries;
            case JBPF_RINGBUF -> BpfOutput.bytes(spec, 0);
            case JBPF_OUTPUT -> BpfOutput.bytes(spec, slots);
            case BLOOM_FILTER -> BpfBloomFilter.bits(spec) / 8.0;
            case PERF_EVENT_ARRAY -> BpfPerfEventArray.bytes(slots);
            case STACK_TRACE -> BpfStackTrace.bytes(spec);
            case HASH_OF_MAPS -> BpfHash.bytes(spec, 1) + entries * REFERENCE;
            default -> entries * REFERENCE;
        };
    }
}

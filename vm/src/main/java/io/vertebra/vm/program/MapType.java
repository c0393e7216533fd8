package io.vertebra.vm.program;

import java.util.Optional;

/** Map types with their Linux numbers ({@code enum bpf_map_type}). */
public enum MapType {
    HASH(1),
    ARRAY(2),
    PROG_ARRAY(3),
    PERF_EVENT_ARRAY(4),
    PERCPU_HASH(5),
    PERCPU_ARRAY(6),
    STACK_TRACE(7),
    LRU_HASH(9),
    LRU_PERCPU_HASH(10),
    LPM_TRIE(11),
    ARRAY_OF_MAPS(12),
    HASH_OF_MAPS(13),
    QUEUE(22),
    STACK(23),
    RINGBUF(27),
    BLOOM_FILTER(30);

    private final int number;

    MapType(int number) {
        this.number = number;
    }

    /** The Linux number. */
    public int number() {
        return number;
    }

    /** The type with a Linux number, if it is one of ours. */
    public static Optional<MapType> of(int number) {
        for (var type : values()) {
            if (type.number == number) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}

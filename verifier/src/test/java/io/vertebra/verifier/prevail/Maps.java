package io.vertebra.verifier.prevail;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The maps of a case. PREVAIL's one map has keys and values of 4 bytes and no type, so that any helper works on it; here
 * it has a type that is tried. Memory of unknown origin is the value of a map of its own.
 */
final class Maps {

    private static final int KEY = 4;
    private static final int VALUE = 4;
    private static final int ENTRIES = 4;
    private static final int RING = 4096;

    private final MapType type;
    private final List<MapSpec> specs = new ArrayList<>();
    private final Map<String, Integer> indexes = new HashMap<>();

    Maps(MapType type) {
        this.type = type;
    }

    /** The types to try, one where no map is named. */
    static List<MapType> types(boolean named) {
        return named
                ? List.of(MapType.HASH, MapType.RINGBUF, MapType.PERF_EVENT_ARRAY, MapType.QUEUE, MapType.PROG_ARRAY)
                : List.of(MapType.HASH);
    }

    /** The index of the map with a file descriptor. */
    int descriptor(int descriptor) {
        var name = "fd" + descriptor;
        return switch (type) {
            case RINGBUF -> index(MapSpec.of(name, type, 0, 0, RING));
            case QUEUE -> index(MapSpec.of(name, type, 0, VALUE, ENTRIES));
            default -> index(MapSpec.of(name, type, KEY, VALUE, ENTRIES));
        };
    }

    /** The index of the map of programs with a file descriptor. */
    int programs(int descriptor) {
        return index(MapSpec.of("programs" + descriptor, MapType.PROG_ARRAY, KEY, VALUE, ENTRIES));
    }

    /** The index of a map whose values are the memory that a register points to. */
    int region(String register, int bytes) {
        return index(MapSpec.of("memory of " + register, MapType.HASH, KEY, bytes, ENTRIES));
    }

    /** A name has one map, however often it is asked for. */
    private int index(MapSpec spec) {
        return indexes.computeIfAbsent(spec.name(), _ -> {
            specs.add(spec);
            return specs.size() - 1;
        });
    }

    List<MapSpec> specs() {
        return specs;
    }
}

package io.vertebra.runtime.codelet;

import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The live maps of a set: one for each map of each object, shared by all programs of the object. A map is called by its
 * name where that is unique in the set, and {@code codelet/name} always.
 */
final class SetMaps {

    private final Map<Path, List<BpfMap>> byObject;
    private final Map<String, BpfMap> named = new LinkedHashMap<>();
    private final Map<String, BpfMap> qualified = new LinkedHashMap<>();

    private SetMaps(Map<Path, List<BpfMap>> byObject, List<PlannedCodelet> codelets) {
        this.byObject = byObject;
        Map<String, Long> occurrences = byObject.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(map -> map.spec().name(), Collectors.counting()));
        for (var maps : byObject.values()) {
            for (var map : maps) {
                if (occurrences.get(map.spec().name()) == 1) {
                    named.put(map.spec().name(), map);
                }
            }
        }
        for (var codelet : codelets) {
            for (var map : byObject.get(codelet.object())) {
                qualified.put(codelet.name() + "/" + map.spec().name(), map);
                if (!named.containsValue(map)) {
                    named.put(codelet.name() + "/" + map.spec().name(), map);
                }
            }
        }
    }

    /**
     * Makes the maps of the codelets' objects.
     *
     * @param copies of each value of a per-CPU map
     * @param limit bytes that all maps may take together
     */
    static SetMaps create(List<PlannedCodelet> codelets, int copies, long limit) throws LoadException {
        Map<Path, ObjectFile> objects = new LinkedHashMap<>();
        codelets.forEach(codelet -> objects.put(codelet.object(), codelet.file()));
        long needed = 0;
        for (var file : objects.values()) {
            for (var spec : file.maps()) {
                needed += bytes(spec, copies);
            }
        }
        if (needed > limit) {
            throw new LoadException(
                    Stage.RESOURCES, "maps: they need " + needed + " bytes, allowed is limits.map_memory=" + limit);
        }
        Map<Path, List<BpfMap>> byObject = new LinkedHashMap<>();
        for (var object : objects.entrySet()) {
            List<BpfMap> maps = new ArrayList<>();
            for (var spec : object.getValue().maps()) {
                try {
                    maps.add(BpfMap.create(spec, copies));
                } catch (IllegalArgumentException e) {
                    throw new LoadException(
                            Stage.RESOURCES, "object `" + object.getValue().name() + "`: " + e.getMessage(), e);
                }
            }
            byObject.put(object.getKey(), maps);
        }
        return new SetMaps(byObject, codelets);
    }

    /** Bytes of keys and values; a bounded sum, so that it cannot overflow. */
    private static long bytes(MapSpec spec, int copies) {
        long entries = Integer.toUnsignedLong(spec.maxEntries());
        if (spec.type() == MapType.RINGBUF) {
            return entries;
        }
        boolean perCpu = switch (spec.type()) {
            case PERCPU_HASH, PERCPU_ARRAY, LRU_PERCPU_HASH -> true;
            case HASH,
                    ARRAY,
                    PROG_ARRAY,
                    PERF_EVENT_ARRAY,
                    STACK_TRACE,
                    LRU_HASH,
                    LPM_TRIE,
                    ARRAY_OF_MAPS,
                    HASH_OF_MAPS,
                    QUEUE,
                    STACK,
                    RINGBUF,
                    BLOOM_FILTER -> false;
        };
        double exact = (double) entries
                * (roundUp(spec.keySize()) + (double) roundUp(spec.valueSize()) * (perCpu ? copies : 1));
        return (long) Math.min(exact, 1L << 60);
    }

    private static long roundUp(int bytes) {
        return (bytes + 7L) / 8 * 8;
    }

    /** The maps of an object, in the order in which its programs index them. */
    List<BpfMap> of(Path object) {
        return byObject.get(object);
    }

    /** Every map, by name where that is unique, else by {@code codelet/name}. */
    Map<String, BpfMap> named() {
        return Collections.unmodifiableMap(named);
    }

    /** The map with a name of either form. */
    Optional<BpfMap> find(String name) {
        return Optional.ofNullable(named.getOrDefault(name, qualified.get(name)));
    }
}

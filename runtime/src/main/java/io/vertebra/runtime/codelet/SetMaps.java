package io.vertebra.runtime.codelet;

import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.exec.InitialEntries;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.object.ObjectFile;
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
                // at most 2^60 each: stays far from an overflow
                needed = Math.min(1L << 61, needed + BpfMap.memoryBytes(spec, copies));
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
            fill(object.getValue(), maps);
            byObject.put(object.getKey(), maps);
        }
        return new SetMaps(byObject, codelets);
    }

    private static void fill(ObjectFile file, List<BpfMap> maps) throws LoadException {
        try {
            InitialEntries.putMaps(file, maps);
        } catch (IllegalArgumentException e) {
            throw new LoadException(Stage.RESOURCES, "object `" + file.name() + "`: " + e.getMessage(), e);
        }
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

package io.vertebra.runtime.codelet;

import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.exec.InitialEntries;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.object.ObjectFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The live maps of a set, as its {@link MapPlan} names them. */
final class SetMaps {

    private final MapPlan plan;
    private final Map<PlannedMap, BpfMap> live;
    private final Map<String, BpfMap> named;

    private SetMaps(MapPlan plan, Map<PlannedMap, BpfMap> live) {
        this.plan = plan;
        this.live = live;
        this.named = plan.named(live::get);
    }

    /**
     * Makes the maps of the codelets' objects.
     *
     * @param kept maps of an earlier version of the set that take the place of new ones
     * @param copies of each value of a per-CPU map
     * @param limit bytes that all maps may take together
     */
    static SetMaps create(
            MapPlan plan, Map<Path, ObjectFile> objects, Map<PlannedMap, BpfMap> kept, int copies, long limit)
            throws LoadException {
        long needed = 0;
        for (var map : plan.all()) {
            // at most 2^60 each: stays far from an overflow
            needed = Math.min(1L << 61, needed + BpfMap.memoryBytes(map.spec(), copies));
        }
        if (needed > limit) {
            throw new LoadException(
                    Stage.RESOURCES, "maps: they need " + needed + " bytes, allowed is limits.map_memory=" + limit);
        }
        Map<PlannedMap, BpfMap> live = new LinkedHashMap<>();
        for (var map : plan.all()) {
            live.put(map, kept.containsKey(map) ? kept.get(map) : create(map, objects.get(map.object()), copies));
        }
        var maps = new SetMaps(plan, live);
        for (var object : objects.entrySet()) {
            maps.fill(object.getKey(), object.getValue(), kept);
        }
        return maps;
    }

    private static BpfMap create(PlannedMap map, ObjectFile file, int copies) throws LoadException {
        try {
            return BpfMap.create(map.spec(), copies);
        } catch (IllegalArgumentException e) {
            throw refused(file, e);
        }
    }

    /** Fills maps of maps, but for those that were filled in an earlier version. */
    private void fill(Path object, ObjectFile file, Map<PlannedMap, BpfMap> kept) throws LoadException {
        Map<String, BpfMap> byName = new HashMap<>();
        Set<String> full = new HashSet<>();
        for (int i = 0; i < file.maps().size(); i++) {
            var map = plan.of(object).get(i);
            String name = file.maps().get(i).name();
            byName.put(name, live.get(map));
            if (kept.containsKey(map)) {
                full.add(name);
            }
        }
        var slots = plan.initialEntries(object, file).stream()
                .filter(slot -> !full.contains(slot.map()))
                .toList();
        try {
            InitialEntries.putMaps(slots, byName);
        } catch (IllegalArgumentException e) {
            throw refused(file, e);
        }
    }

    private static LoadException refused(ObjectFile file, IllegalArgumentException e) {
        return new LoadException(Stage.RESOURCES, "object `" + file.name() + "`: " + e.getMessage(), e);
    }

    /** What is live in place of a planned map. */
    BpfMap live(PlannedMap map) {
        return live.get(map);
    }

    /** The maps of an object, in the order in which its programs index them. */
    List<BpfMap> of(Path object) {
        return plan.of(object).stream().map(live::get).toList();
    }

    /** Every map, by name where that is unique, else by {@code codelet/name}. */
    Map<String, BpfMap> named() {
        return named;
    }

    /** The map with a name of either form. */
    Optional<BpfMap> find(String name) {
        return plan.find(name).map(live::get);
    }
}

package io.vertebra.vm.exec;

import io.vertebra.vm.map.BpfMap;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The inner maps that the current run looked up, numbered in that order; each has two regions as other maps have. They
 * are forgotten when the run ends, so that no other program can reach them. Not thread-safe; allocates only when a run
 * looks up an inner map for the first time.
 */
final class InnerMaps {

    private final IdentityHashMap<BpfMap, Integer> numbers = new IdentityHashMap<>(4);
    private final List<Region> regions = new ArrayList<>(0);

    /** The address of a map's object. */
    long address(BpfMap map) {
        Integer known = numbers.get(map);
        int number = known == null ? numbers.size() : known;
        if (known == null) {
            numbers.put(map, number);
            regions.add(Region.object(map));
            regions.add(Region.values(map));
        }
        return Addresses.innerMap(number);
    }

    /** The address of the first byte of a map's values, 0 for a map that was not looked up. */
    long valuesAddress(BpfMap map) {
        Integer number = numbers.get(map);
        return number == null ? 0 : Addresses.innerMap(number) + (1L << Addresses.OFFSET_BITS);
    }

    /** A region by its number from the first inner map's, or null. */
    Region find(int index) {
        return index < regions.size() ? regions.get(index) : null;
    }

    void forget() {
        if (!regions.isEmpty()) {
            numbers.clear();
            regions.clear();
        }
    }
}

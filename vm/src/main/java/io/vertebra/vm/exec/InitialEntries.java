package io.vertebra.vm.exec;

import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfMapOfMaps;
import io.vertebra.vm.map.BpfProgramArray;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.object.ObjectFile.MapSlot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts into the live maps of an object what its initial entries say. Stateless. */
public final class InitialEntries {

    private InitialEntries() {}

    /**
     * Fills maps of maps; inner maps are maps of the same object.
     *
     * @param slots which of the object's entries
     * @param maps the object's, by the names that it gives them
     * @throws IllegalArgumentException naming an entry that does not fit
     */
    public static void putMaps(List<MapSlot> slots, Map<String, BpfMap> maps) {
        for (var slot : slots) {
            if (maps.get(slot.map()) instanceof BpfMapOfMaps outer) {
                put(outer, slot, Optional.ofNullable(maps.get(slot.target())));
            }
        }
    }

    /** Fills all maps of maps of an object with its own maps, which are given in its order; as the other method. */
    public static void putMaps(ObjectFile file, List<BpfMap> maps) {
        putMaps(
                file.slots(),
                maps.stream().collect(Collectors.toMap(map -> map.spec().name(), Function.identity(), (a, _) -> a)));
    }

    /**
     * Fills program arrays.
     *
     * @param slots which of the object's entries
     * @param maps the object's, in its order
     * @param programs by name, all that the entries hold
     * @throws IllegalArgumentException naming an entry that does not fit
     */
    public static void putPrograms(List<MapSlot> slots, List<BpfMap> maps, Map<String, Executable> programs) {
        for (var slot : slots) {
            if (find(maps, slot.map()).orElse(null) instanceof BpfProgramArray array) {
                if (slot.index() >= array.spec().maxEntries()) {
                    throw noRoom(slot, array);
                }
                array.put(slot.index(), programs.get(slot.target()));
            }
        }
    }

    private static Optional<BpfMap> find(List<BpfMap> maps, String name) {
        return maps.stream().filter(map -> map.spec().name().equals(name)).findFirst();
    }

    private static void put(BpfMapOfMaps outer, MapSlot slot, Optional<BpfMap> inner) {
        if (inner.isEmpty()) {
            throw new IllegalArgumentException(place(slot) + " is program `" + slot.target() + "`, needed is a map");
        }
        if (outer.spec().keySize() != Integer.BYTES) {
            throw new IllegalArgumentException(
                    place(slot) + ": key_size=" + outer.spec().keySize() + ", allowed is 4");
        }
        var key = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(slot.index());
        if (outer.put(key.array(), inner.get()) != 0) {
            throw noRoom(slot, outer);
        }
    }

    private static IllegalArgumentException noRoom(MapSlot slot, BpfMap map) {
        return new IllegalArgumentException(
                place(slot) + ": no room, max_entries=" + map.spec().maxEntries());
    }

    private static String place(MapSlot slot) {
        return "map `" + slot.map() + "`: initial entry " + slot.index();
    }
}

package io.vertebra.vm.object;

import io.vertebra.vm.format.ByteView;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.object.ElfFile.Section;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What jbpf's map definitions mean here:
 *
 * <pre>
 *   jbpf                  read as                  what differs from jbpf
 *   1 ARRAY               ARRAY                    -
 *   2 HASHMAP             HASH                     updates never fail because other threads use the map
 *   3 RINGBUF             JBPF_RINGBUF             zeros follow a record that is shorter than value_size
 *   4 CONTROL_INPUT       JBPF_CONTROL_INPUT       -
 *   5 PER_THREAD_ARRAY    PERCPU_ARRAY             one copy for each execution slot, not for each thread
 *   6 PER_THREAD_HASHMAP  JBPF_PER_THREAD_HASHMAP  one map for each execution slot, not for each thread
 *   7 OUTPUT              JBPF_OUTPUT              one buffer for each execution slot, not for each thread
 *   16 and more           what the application has registered
 * </pre>
 *
 * Each has room for at least {@code max_entries} entries, as jbpf's documentation promises. An array's key may be longer
 * than the 4 bytes that count, the low ones; a channel has no key, whatever its definition says. {@code map_flags},
 * {@code numa_node} and {@code nb_hash_functions} have no effect, as in jbpf; {@code inner_map_idx} has one for maps of
 * maps.
 */
final class JbpfMaps {

    /** Bytes of {@code struct jbpf_load_map_def}. */
    private static final int DEFINITION = 32;

    /** jbpf's own types are 1 to this. */
    private static final int TYPES = 7;

    /** Where {@code inner_map_idx} lies in a definition. */
    private static final int INNER = 20;

    private final Map<Integer, MapType> registered;
    private final Map<String, Long> inner = new HashMap<>();

    /**
     * A reader of definitions.
     *
     * @param registered the types that an application has added, by their numbers in objects
     */
    JbpfMaps(Map<Integer, MapType> registered) {
        this.registered = registered;
    }

    /**
     * Whether a file is one of jbpf: it has a program section {@code jbpf_*}, or all definitions of its {@code maps}
     * section are as long as jbpf's and have numbers of jbpf's.
     */
    static boolean isJbpf(ElfFile elf) {
        if (elf.sections().stream().anyMatch(s -> s.isCode() && s.name().startsWith("jbpf_"))) {
            return true;
        }
        return elf.section("maps").filter(maps -> hasOnlyDefinitions(elf, maps)).isPresent();
    }

    private static boolean hasOnlyDefinitions(ElfFile elf, Section maps) {
        var symbols = elf.symbolsIn(maps).stream().filter(s -> s.isObject()).toList();
        return maps.isData()
                && !symbols.isEmpty()
                && symbols.stream()
                        .allMatch(s -> s.size() == DEFINITION
                                && s.value() >= 0
                                && s.value() <= maps.content().size() - DEFINITION
                                && Integer.compareUnsigned(maps.content().s32(s.value()), TYPES) <= 0);
    }

    /** The map of a definition. */
    MapSpec map(String name, ByteView definition, int keySize, int valueSize, int maxEntries) {
        if (definition.size() != DEFINITION) {
            throw new ObjectFormatException(
                    "its definition has %d bytes, jbpf's have %d".formatted(definition.size(), DEFINITION));
        }
        int type = definition.s32(0);
        return switch (type) {
            case 1 -> MapSpec.of(name, MapType.ARRAY, keySize, valueSize, maxEntries);
            case 2 -> MapSpec.of(name, MapType.HASH, keySize, valueSize, maxEntries);
            case 3 -> MapSpec.of(name, MapType.JBPF_RINGBUF, 0, valueSize, maxEntries);
            case 4 -> MapSpec.of(name, MapType.JBPF_CONTROL_INPUT, 0, valueSize, maxEntries);
            case 5 -> MapSpec.of(name, MapType.PERCPU_ARRAY, keySize, valueSize, maxEntries);
            case 6 -> MapSpec.of(name, MapType.JBPF_PER_THREAD_HASHMAP, keySize, valueSize, maxEntries);
            case 7 -> MapSpec.of(name, MapType.JBPF_OUTPUT, 0, valueSize, maxEntries);
            default -> registered(name, definition, keySize, valueSize, maxEntries);
        };
    }

    private MapSpec registered(String name, ByteView definition, int keySize, int valueSize, int maxEntries) {
        var type = registered.get(definition.s32(0));
        if (type == null) {
            throw new ObjectFormatException("jbpf map type %s, known are 1 to %d%s"
                    .formatted(
                            Integer.toUnsignedString(definition.s32(0)),
                            TYPES,
                            registered.isEmpty() ? "" : " and the registered " + registered.keySet()));
        }
        if (type != MapType.ARRAY_OF_MAPS && type != MapType.HASH_OF_MAPS) {
            return MapSpec.of(name, type, keySize, valueSize, maxEntries);
        }
        inner.put(name, definition.u32(INNER));
        return MapSpec.of(name, type, keySize, Integer.BYTES, maxEntries);
    }

    /** The maps of a section, with what its maps of maps hold. */
    List<BtfMaps.Placed> linked(List<BtfMaps.Placed> maps) {
        var linked = new ArrayList<BtfMaps.Placed>();
        for (var map : maps) {
            var index = inner.get(map.spec().name());
            if (index != null && index >= maps.size()) {
                throw new ObjectFormatException("map `%s`: inner_map_idx=%d, the section has %d maps"
                        .formatted(map.spec().name(), index, maps.size()));
            }
            linked.add(
                    index == null
                            ? map
                            : new BtfMaps.Placed(
                                    map.offset(),
                                    map.spec()
                                            .withInner(
                                                    maps.get(index.intValue()).spec())));
        }
        return linked;
    }
}

package io.vertebra.vm.object;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.object.ElfFile.Section;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;

/**
 * What jbpf's map definitions mean here. Its seven types are read as native ones, so that nothing after the object reader
 * has to know them:
 *
 * <pre>
 *   jbpf                  read as        what differs from jbpf
 *   1 ARRAY               ARRAY          -
 *   2 HASHMAP             HASH           updates never fail because other threads use the map
 *   3 RINGBUF             RINGBUF        room for at least max_entries elements, shorter records take less
 *   4 CONTROL_INPUT       QUEUE          -, also the capacity is that of jbpf: 255 for max_entries=100
 *   5 PER_THREAD_ARRAY    PERCPU_ARRAY   one copy for each execution slot, not for each thread
 *   6 PER_THREAD_HASHMAP  PERCPU_HASH    as 5; a key that one slot has is there with zeros for the others
 *   7 OUTPUT              RINGBUF        as 3; a buffer that is not sent is given back when the run ends
 * </pre>
 *
 * A RINGBUF has {@code max_entries} in bytes, and keeps the size of an element as its value size: the longest record. An
 * array's key may have 4 or 8 bytes, of which the low 4 count. The words after {@code max_entries} have no effect, as in
 * jbpf.
 */
final class JbpfMaps {

    /** Bytes of {@code struct jbpf_load_map_def}. */
    private static final int DEFINITION = 32;

    private static final int TYPES = 7;

    /** Bytes before a record of a ring. */
    private static final int HEADER = 8;

    private static final long LARGEST_RING = 1 << 30;

    private JbpfMaps() {}

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

    /** The map of a definition whose type is one of jbpf's numbers. */
    static MapSpec map(String name, long type, int keySize, int valueSize, int maxEntries) {
        return switch ((int) type) {
            case 1 -> MapSpec.of(name, MapType.ARRAY, keySize, valueSize, maxEntries);
            case 2 -> MapSpec.of(name, MapType.HASH, keySize, valueSize, maxEntries);
            case 3, 7 -> MapSpec.of(name, MapType.RINGBUF, 0, valueSize, ringBytes(valueSize, maxEntries));
            case 4 -> MapSpec.of(name, MapType.QUEUE, 0, valueSize, queueEntries(maxEntries));
            case 5 -> MapSpec.of(name, MapType.PERCPU_ARRAY, keySize, valueSize, maxEntries);
            case 6 -> MapSpec.of(name, MapType.PERCPU_HASH, keySize, valueSize, maxEntries);
            default -> throw new ObjectFormatException("jbpf map type %d, known are 1 to %d".formatted(type, TYPES));
        };
    }

    private static int ringBytes(int valueSize, int maxEntries) {
        long element = HEADER + ((valueSize + 7L) & -8L);
        double exact = (double) element * Math.max(1, maxEntries);
        if (exact > LARGEST_RING) {
            throw new ObjectFormatException("%d elements of %d bytes, allowed are %d bytes in all"
                    .formatted(maxEntries, valueSize, LARGEST_RING));
        }
        return (int) powerOfTwo((long) exact);
    }

    /** jbpf makes room for a batch of 32 more and one, and has rings of a power of two, one place always empty. */
    private static int queueEntries(int maxEntries) {
        return (int) Math.min(Integer.MAX_VALUE, powerOfTwo(maxEntries + 33L) - 1);
    }

    private static long powerOfTwo(long atLeast) {
        return Long.highestOneBit(2 * atLeast - 1);
    }
}

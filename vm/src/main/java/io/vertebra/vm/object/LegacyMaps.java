package io.vertebra.vm.object;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.object.ElfFile.Section;
import io.vertebra.vm.object.ElfFile.Symbol;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Maps declared as {@code struct bpf_map_def} in a {@code maps} section: at least the five 32-bit words type, key size,
 * value size, entries, flags. What follows them (iproute2, kernel samples: 28 to 36 bytes) is not used. In jbpf's objects
 * the same words mean what {@link JbpfMaps} says.
 */
final class LegacyMaps {

    private static final int MINIMUM = 20;
    private static final int MAXIMUM = 36;

    private LegacyMaps() {}

    /** The maps of a section; its symbols say where each begins, and how long it is. */
    static List<BtfMaps.Placed> read(Section section, List<Symbol> symbols, Optional<JbpfMaps> jbpf) {
        var named = symbols.stream()
                .filter(s -> s.isObject() || s.isGlobalLabel())
                .sorted(Comparator.comparingLong(Symbol::value))
                .toList();
        var maps = new ArrayList<BtfMaps.Placed>();
        for (int i = 0; i < named.size(); i++) {
            var symbol = named.get(i);
            long end = i + 1 < named.size()
                    ? named.get(i + 1).value()
                    : section.content().size();
            try {
                long size = symbol.size() == 0 ? end - symbol.value() : symbol.size();
                maps.add(new BtfMaps.Placed(symbol.value(), map(section, symbol, size, jbpf)));
            } catch (ObjectFormatException e) {
                throw e.in("map `" + symbol.name() + "`");
            }
        }
        return jbpf.map(j -> j.linked(maps)).orElse(maps);
    }

    private static MapSpec map(Section section, Symbol symbol, long size, Optional<JbpfMaps> jbpf) {
        if (size < MINIMUM || size > MAXIMUM) {
            throw new ObjectFormatException(
                    "its definition has %d bytes, allowed are %d to %d".formatted(size, MINIMUM, MAXIMUM));
        }
        var words = section.content().slice("definition", symbol.value(), size);
        int keySize = positive("key size", words.u32(4));
        int valueSize = positive("value size", words.u32(8));
        int maxEntries = positive("max entries", words.u32(12));
        if (jbpf.isPresent()) {
            return jbpf.get().map(symbol.name(), words, keySize, valueSize, maxEntries);
        }
        return new MapSpec(
                symbol.name(),
                type(words.u32(0)),
                keySize,
                valueSize,
                maxEntries,
                words.s32(16),
                false,
                new byte[0],
                Btf.EMPTY,
                0,
                0);
    }

    /** The map type with a number. */
    static MapType type(long number) {
        return MapType.of((int) number)
                .orElseThrow(() -> new ObjectFormatException(
                        "map type %d, known are 1 to %d".formatted(number, MapType.LAST_OF_LINUX)));
    }

    /** A number of a declaration that must fit a Java size. */
    static int positive(String what, long number) {
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new ObjectFormatException(
                    "%s %s, allowed are 0 to %d".formatted(what, Long.toUnsignedString(number), Integer.MAX_VALUE));
        }
        return (int) number;
    }
}

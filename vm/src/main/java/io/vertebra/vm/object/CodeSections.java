package io.vertebra.vm.object;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.InstructionCodec;
import io.vertebra.vm.object.ElfFile.Relocation;
import io.vertebra.vm.object.ElfFile.Section;
import io.vertebra.vm.object.ElfFile.Symbol;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The executable sections of an object, cut into functions by their symbols, with their relocations by slot. Functions
 * in {@code .text} are subprograms, unless there is no other code: then they are programs without a section name.
 */
final class CodeSections {

    private static final String SUBPROGRAMS = ".text";

    private final ElfFile elf;
    private final boolean subprogramsInText;
    private final Map<Integer, NavigableMap<Integer, Function>> functions = new TreeMap<>();
    private final Map<Integer, Map<Integer, Relocation>> relocations = new HashMap<>();

    CodeSections(ElfFile elf) {
        this.elf = elf;
        this.subprogramsInText =
                elf.sections().stream().anyMatch(s -> s.isCode() && !s.name().equals(SUBPROGRAMS));
        for (var section : elf.sections()) {
            if (section.isCode()) {
                functions.put(section.index(), functionsOf(section));
                relocations.put(section.index(), relocationsOf(section));
            }
        }
    }

    /**
     * One function, in slots of its section.
     *
     * @param entry whether it is a program of its own: global, and not a subprogram
     */
    record Function(Section section, String name, int start, int end, boolean entry) {
        @Override
        public String toString() {
            return "function `%s` in section `%s`".formatted(name, section.name());
        }
    }

    /** The functions that are programs, in file order. */
    List<Function> entries() {
        return functions.values().stream()
                .flatMap(s -> s.values().stream())
                .filter(Function::entry)
                .toList();
    }

    /** Whether a section holds code. */
    boolean contains(int section) {
        return functions.containsKey(section);
    }

    /** The function that starts at a byte of a section. */
    Optional<Function> startingAt(int section, long offset) {
        boolean possible = contains(section) && offset >= 0 && offset % InstructionCodec.SLOT_BYTES == 0;
        long slot = offset / InstructionCodec.SLOT_BYTES;
        return possible && slot <= Integer.MAX_VALUE
                ? Optional.ofNullable(functions.get(section).get((int) slot))
                : Optional.empty();
    }

    /** The relocation at a slot of a function. */
    Optional<Relocation> relocationAt(Function function, int slot) {
        return Optional.ofNullable(relocations.get(function.section().index()).get(function.start() + slot));
    }

    /** Indexes of the sections that code refers to. */
    Set<Integer> referencedSections() {
        var result = new HashSet<Integer>();
        relocations
                .values()
                .forEach(s -> s.values().forEach(r -> result.add(r.symbol().section())));
        return result;
    }

    private NavigableMap<Integer, Function> functionsOf(Section section) {
        if (section.content().size() % InstructionCodec.SLOT_BYTES != 0) {
            throw new ObjectFormatException("section `%s`: %d bytes of code, must be a multiple of %d"
                    .formatted(section.name(), section.content().size(), InstructionCodec.SLOT_BYTES));
        }
        var symbols = functionSymbols(section);
        var result = new TreeMap<Integer, Function>();
        for (int i = 0; i < symbols.size(); i++) {
            var symbol = symbols.get(i);
            if (i > 0 && symbol.value() == symbols.get(i - 1).value()) {
                continue; // another name of the same function
            }
            var function = function(section, symbol, nextStart(symbols, i, section));
            var before = result.lowerEntry(function.start());
            if (before != null && before.getValue().end() > function.start()) {
                throw new ObjectFormatException("%s: overlaps %s".formatted(function, before.getValue()));
            }
            result.put(function.start(), function);
        }
        return result;
    }

    /** Functions in order; global names first at the same place. Assemblers of old wrote untyped global labels. */
    private List<Symbol> functionSymbols(Section section) {
        var symbols = elf.symbolsIn(section);
        var typed = symbols.stream().filter(Symbol::isFunction).toList();
        return (typed.isEmpty() ? symbols.stream().filter(Symbol::isGlobalLabel).toList() : typed)
                .stream()
                        .sorted(Comparator.comparingLong(Symbol::value).thenComparing(Symbol::isLocal))
                        .toList();
    }

    private static long nextStart(List<Symbol> symbols, int index, Section section) {
        long start = symbols.get(index).value();
        return symbols.stream()
                .mapToLong(Symbol::value)
                .filter(v -> v > start)
                .findFirst()
                .orElse(section.content().size());
    }

    private Function function(Section section, Symbol symbol, long next) {
        long size = symbol.size() == 0 ? next - symbol.value() : symbol.size();
        long start = symbol.value();
        int limit = section.content().size();
        boolean inside = start >= 0 && start < limit && size > 0 && size <= limit - start;
        if (!inside || start % InstructionCodec.SLOT_BYTES != 0 || size % InstructionCodec.SLOT_BYTES != 0) {
            throw new ObjectFormatException(
                    "function `%s`: %s bytes at offset %s, must be slots of %d bytes inside the %d bytes of section `%s`"
                            .formatted(
                                    symbol.name(),
                                    Long.toUnsignedString(size),
                                    Long.toUnsignedString(start),
                                    InstructionCodec.SLOT_BYTES,
                                    limit,
                                    section.name()));
        }
        return new Function(
                section,
                symbol.name(),
                (int) start / InstructionCodec.SLOT_BYTES,
                (int) (start + size) / InstructionCodec.SLOT_BYTES,
                !symbol.isLocal() && !(subprogramsInText && section.name().equals(SUBPROGRAMS)));
    }

    private Map<Integer, Relocation> relocationsOf(Section section) {
        var result = new HashMap<Integer, Relocation>();
        for (var relocation : elf.relocationsOf(section)) {
            if (relocation.offset() % InstructionCodec.SLOT_BYTES != 0) {
                throw new ObjectFormatException("section `%s`: relocation at byte %d, must be the start of a slot"
                        .formatted(section.name(), relocation.offset()));
            }
            int slot = relocation.offset() / InstructionCodec.SLOT_BYTES;
            if (relocation.type() != Relocation.NONE && result.put(slot, relocation) != null) {
                throw new ObjectFormatException(
                        "section `%s`: two relocations at slot %d".formatted(section.name(), slot));
            }
        }
        return result;
    }
}

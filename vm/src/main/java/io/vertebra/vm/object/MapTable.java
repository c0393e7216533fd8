package io.vertebra.vm.object;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.object.ElfFile.Section;
import io.vertebra.vm.object.ElfFile.Symbol;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All maps of an object and where each lies in its section: what a wide load's relocation is resolved against. */
final class MapTable {

    /** Bytes of a global data section; the memory limits of a codelet set are far stricter. */
    private static final int MAX_DATA = 64 << 20;

    private final ElfFile elf;
    private final Btf btf;
    private final List<MapSpec> specs = new ArrayList<>();
    private final Map<Integer, Map<Long, Integer>> declared = new HashMap<>();
    private final Map<Integer, Integer> dataMaps = new HashMap<>();
    private final List<GlobalVariable> variables = new ArrayList<>();
    private final List<BtfMaps.Slots> slots = new ArrayList<>();

    /**
     * Reads all maps.
     *
     * @param referenced sections that code refers to; unnamed string literals become a map only when they are
     * @param jbpf what reads the definitions of a {@code maps} section, if the file is of jbpf's ABI
     */
    MapTable(ElfFile elf, Btf btf, Set<Integer> referenced, Optional<JbpfMaps> jbpf) {
        this.elf = elf;
        this.btf = btf;
        elf.sections().stream()
                .filter(s -> s.isData() && s.name().equals(".maps"))
                .forEach(this::addBtfMaps);
        elf.sections().stream()
                .filter(MapTable::isLegacy)
                .forEach(s -> declare(s, LegacyMaps.read(s, elf.symbolsIn(s), jbpf)));
        for (var section : elf.sections()) {
            boolean named = isGlobalData(section) && section.size() > 0;
            if (named && (!section.isMergeable() || referenced.contains(section.index()))) {
                addData(section);
            }
        }
    }

    List<MapSpec> specs() {
        return specs;
    }

    List<GlobalVariable> variables() {
        return variables;
    }

    /** The instruction that a relocated wide load becomes. */
    Instruction load(int dst, Symbol symbol, long offset) {
        var data = dataMaps.get(symbol.section());
        if (data != null) {
            int size = specs.get(data).valueSize();
            if (offset < 0 || offset >= size) {
                throw new ObjectFormatException("refers to byte %d of `%s`, which has %d bytes"
                        .formatted(offset, specs.get(data).name(), size));
            }
            return new Instruction.LoadMapValue(dst, data, (int) offset);
        }
        var map = declared.getOrDefault(symbol.section(), Map.of()).get(offset);
        if (map == null) {
            throw new ObjectFormatException(
                    "refers to symbol `%s` plus %d, which is no map, global variable or function"
                            .formatted(symbol.name(), offset - symbol.value()));
        }
        return new Instruction.LoadMap(dst, map);
    }

    /** Whether a symbol that the object does not define is declared {@code __ksym}. */
    boolean isOfKernel(Symbol symbol) {
        return btf.find(BtfType.DataSection.class, ".ksyms").map(btf::type).stream()
                .flatMap(type -> ((BtfType.DataSection) type).variables().stream())
                .anyMatch(placed -> btf.type(placed.variable()).name().equals(symbol.name()));
    }

    /** The initial entries of maps of maps and program arrays, from the relocations of the map section. */
    List<ObjectFile.MapSlot> slots(CodeSections code) {
        var result = new ArrayList<ObjectFile.MapSlot>();
        for (var outer : slots) {
            for (var relocation : elf.relocationsOf(outer.section())) {
                if (!relocation.isAddress()) {
                    throw new ObjectFormatException("section `%s`: relocation type %d, allowed are 0 to 4 and 10"
                            .formatted(outer.section().name(), relocation.type()));
                }
                outer.indexOf(relocation.offset())
                        .ifPresent(index -> result.add(new ObjectFile.MapSlot(
                                outer.map(), index, targetOf(relocation.symbol(), outer, code))));
            }
        }
        return result;
    }

    private String targetOf(Symbol symbol, BtfMaps.Slots outer, CodeSections code) {
        var map = declared.getOrDefault(symbol.section(), Map.of()).get(symbol.value());
        if (map != null) {
            return specs.get(map).name();
        }
        return code.startingAt(symbol.section(), symbol.value())
                .map(CodeSections.Function::name)
                .orElseThrow(() -> new ObjectFormatException("map `%s`: its initial entry `%s` is no map and no program"
                        .formatted(outer.map(), symbol.name())));
    }

    private void addBtfMaps(Section section) {
        var read = new BtfMaps(btf, section);
        declare(section, read.maps());
        slots.addAll(read.slots());
    }

    private void declare(Section section, List<BtfMaps.Placed> maps) {
        var byOffset = declared.computeIfAbsent(section.index(), _ -> new HashMap<>());
        for (var map : maps) {
            if (byOffset.put(map.offset(), specs.size()) != null) {
                throw new ObjectFormatException("map `%s`: another map lies at the same byte %d of section `%s`"
                        .formatted(map.spec().name(), map.offset(), section.name()));
            }
            specs.add(map.spec());
        }
    }

    private static boolean isLegacy(Section section) {
        return section.isData()
                && (section.name().equals("maps") || section.name().startsWith("maps/"));
    }

    private static boolean isGlobalData(Section section) {
        if (section.isZeroed()) {
            return section.name().equals(".bss") || section.name().startsWith(".bss.");
        }
        return section.isData()
                && (section.name().equals(".data") || section.name().startsWith(".data.") || isReadOnly(section));
    }

    private static boolean isReadOnly(Section section) {
        return section.name().equals(".rodata") || section.name().startsWith(".rodata.");
    }

    /** The size of a section that becomes memory. */
    static int checkedSize(Section section) {
        if (section.size() < 0 || section.size() > MAX_DATA) {
            throw new ObjectFormatException("section `%s`: %s bytes, allowed are at most %d"
                    .formatted(section.name(), Long.toUnsignedString(section.size()), MAX_DATA));
        }
        return (int) section.size();
    }

    private void addData(Section section) {
        int size = checkedSize(section);
        var addresses = elf.relocationsOf(section);
        if (!addresses.isEmpty()) {
            throw new ObjectFormatException(
                    "section `%s`: byte %d is initialised with the address of `%s`, which is known only at run time"
                            .formatted(
                                    section.name(),
                                    addresses.getFirst().offset(),
                                    addresses.getFirst().symbol().name()));
        }
        int type = btf.find(BtfType.DataSection.class, section.name()).orElse(0);
        dataMaps.put(section.index(), specs.size());
        specs.add(new MapSpec(
                section.name(),
                MapType.ARRAY,
                Integer.BYTES,
                size,
                1,
                0,
                isReadOnly(section),
                section.content().toByteArray(),
                btf,
                0,
                type));
        for (var symbol : elf.symbolsIn(section)) {
            if (symbol.isObject()) {
                variables.add(variable(symbol, section, type));
            }
        }
    }

    private GlobalVariable variable(Symbol symbol, Section section, int dataSection) {
        int type = typeOf(symbol.name(), dataSection);
        long size = Math.max(symbol.size(), btf.sizeOf(type));
        boolean inside = symbol.size() >= 0 && symbol.value() >= 0 && symbol.value() <= section.size() - size;
        if (!inside) {
            throw new ObjectFormatException("variable `%s`: %s bytes at offset %s, section `%s` has %d bytes"
                    .formatted(
                            symbol.name(),
                            Long.toUnsignedString(size),
                            Long.toUnsignedString(symbol.value()),
                            section.name(),
                            section.size()));
        }
        return new GlobalVariable(symbol.name(), section.name(), (int) symbol.value(), (int) size, type);
    }

    private int typeOf(String variable, int dataSection) {
        if (btf.type(dataSection) instanceof BtfType.DataSection section) {
            for (var placed : section.variables()) {
                if (btf.type(placed.variable()) instanceof BtfType.Variable v
                        && v.name().equals(variable)) {
                    return v.type();
                }
            }
        }
        return 0;
    }
}

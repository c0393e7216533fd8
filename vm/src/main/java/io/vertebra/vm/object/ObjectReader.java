package io.vertebra.vm.object;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfExtension;
import io.vertebra.vm.btf.BtfExtensionReader;
import io.vertebra.vm.btf.BtfReader;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.format.StringTable;
import io.vertebra.vm.program.MapType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts an {@link ObjectFile} together from the parts of an ELF file. */
final class ObjectReader {

    private final ElfFile elf;

    ObjectReader(ElfFile elf) {
        this.elf = elf;
    }

    /**
     * Reads the object.
     *
     * @param name what messages call the file
     * @param jbpfMaps as for {@link ObjectFile#read(byte[], String, Map)}
     */
    ObjectFile read(String name, Map<Integer, MapType> jbpfMaps) {
        var raw = elf.section(".BTF").map(ObjectReader::content);
        var types = raw.map(BtfReader::read).orElse(Btf.EMPTY);
        var extension = elf.section(".BTF.ext")
                .filter(_ -> raw.isPresent())
                .map(s -> BtfExtensionReader.read(content(s), raw.get(), types))
                .orElse(BtfExtension.EMPTY);
        var btf = new Btf(types.types().stream().map(t -> placed(t, types)).toList());
        var code = new CodeSections(elf);
        var jbpf = JbpfMaps.isJbpf(elf) ? Optional.of(new JbpfMaps(jbpfMaps)) : Optional.<JbpfMaps>empty();
        var maps = new MapTable(elf, btf, code.referencedSections(), jbpf);
        var linker = new ProgramLinker(code, maps, extension);
        return new ObjectFile(
                name,
                linker.programs(),
                maps.specs(),
                maps.slots(code),
                btf,
                license(),
                maps.variables(),
                linker.coreRelocations(),
                jbpf.isPresent() ? ObjectFile.Abi.JBPF : ObjectFile.Abi.NATIVE);
    }

    private static byte[] content(ElfFile.Section section) {
        return section.content().toByteArray();
    }

    /** Compilers leave the sizes and offsets of data sections to the linker; the symbols have them. */
    private BtfType placed(BtfType type, Btf btf) {
        if (!(type instanceof BtfType.DataSection data)
                || elf.section(data.name()).isEmpty()) {
            return type;
        }
        var section = elf.section(data.name()).get();
        var offsets = new HashMap<String, Long>();
        elf.symbolsIn(section).forEach(s -> offsets.put(s.name(), s.value()));
        var variables = new ArrayList<BtfType.Placed>();
        for (var variable : data.variables()) {
            variables.add(place(variable, offsets, section, btf));
        }
        return new BtfType.DataSection(data.name(), MapTable.checkedSize(section), List.copyOf(variables));
    }

    private static BtfType.Placed place(
            BtfType.Placed variable, Map<String, Long> offsets, ElfFile.Section section, Btf btf) {
        var name = btf.type(variable.variable()).name();
        long offset = offsets.getOrDefault(name, (long) variable.offset());
        // the initial entries of a map of maps follow its struct, and only the recorded size covers them
        long size = Math.max(variable.size(), btf.sizeOf(variable.variable()));
        if (offset < 0 || offset > section.size() - size) {
            throw new ObjectFormatException("variable `%s`: %d bytes at offset %s, section `%s` has %s bytes"
                    .formatted(
                            name,
                            size,
                            Long.toUnsignedString(offset),
                            section.name(),
                            Long.toUnsignedString(section.size())));
        }
        return new BtfType.Placed(variable.variable(), (int) offset, (int) size);
    }

    private Optional<String> license() {
        return elf.section("license").filter(s -> s.content().size() > 0).map(s -> new StringTable(s.content()).at(0));
    }
}

package io.vertebra.vm.object;

import io.vertebra.vm.format.ByteView;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.format.StringTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An ELF64 little-endian relocatable file (System V ABI, chapters 4): sections, symbols, relocations; every offset and
 * index is checked. Knows nothing of eBPF but its machine number.
 */
final class ElfFile {

    private static final int HEADER_SIZE = 64;
    private static final int SECTION_HEADER_SIZE = 64;
    private static final int SYMBOL_SIZE = 24;
    private static final int MACHINE_BPF = 247;
    private static final int TYPE_RELOCATABLE = 1;

    private static final int SECTION_SYMBOLS = 2;
    private static final int SECTION_STRINGS = 3;
    private static final int SECTION_RELA = 4;
    private static final int SECTION_NO_BITS = 8;
    private static final int SECTION_REL = 9;

    /** Section indexes from here on have special meanings (SHN_LORESERVE). */
    private static final int RESERVED_INDEXES = 0xff00;

    private final ByteView file;
    private final List<Section> sections;
    private final Map<Integer, List<Symbol>> symbolTables = new HashMap<>();

    private ElfFile(ByteView file) {
        this.file = file;
        this.sections = readSections();
        for (var section : sections) {
            if (section.type() == SECTION_SYMBOLS) {
                symbolTables.put(section.index(), readSymbols(section));
            }
        }
    }

    /** Reads headers, sections and symbols. */
    static ElfFile read(byte[] bytes) {
        var file = ByteView.of("ELF file", bytes);
        checkHeader(file);
        return new ElfFile(file);
    }

    private static void checkHeader(ByteView file) {
        if (file.size() < HEADER_SIZE) {
            throw new ObjectFormatException(
                    "ELF file: %d bytes, its header alone has %d".formatted(file.size(), HEADER_SIZE));
        }
        expect(file, "magic", Integer.toUnsignedLong(file.s32(0)), 0x464c457fL);
        expect(file, "class", file.u8(4), 2);
        expect(file, "byte order", file.u8(5), 1);
        expect(file, "version", file.u8(6), 1);
        expect(file, "OS ABI", file.u8(7), 0);
        expect(file, "type", file.u16(16), TYPE_RELOCATABLE);
        expect(file, "machine", file.u16(18), MACHINE_BPF, 0);
        expect(file, "section header size", file.u16(58), SECTION_HEADER_SIZE);
    }

    private static void expect(ByteView file, String field, long value, long... allowed) {
        for (long one : allowed) {
            if (value == one) {
                return;
            }
        }
        var list = java.util.Arrays.stream(allowed).mapToObj("0x%x"::formatted).toList();
        throw new ObjectFormatException("%s: %s is 0x%x, allowed is %s (an ELF64 little-endian eBPF object)"
                .formatted(file.name(), field, value, String.join(" or ", list)));
    }

    private List<Section> readSections() {
        int count = file.u16(60);
        var headers = file.slice("section header table", file.s64(40), (long) count * SECTION_HEADER_SIZE);
        var names = sectionNames(headers, count);
        var result = new ArrayList<Section>();
        for (int i = 0; i < count; i++) {
            try {
                result.add(readSection(headers, i, names));
            } catch (ObjectFormatException e) {
                throw e.in("section " + i);
            }
        }
        return List.copyOf(result);
    }

    private StringTable sectionNames(ByteView headers, int count) {
        int index = file.u16(62);
        if (count == 0) {
            return new StringTable(file.slice("section names", 0, 0));
        }
        if (index >= count) {
            throw new ObjectFormatException(
                    "ELF file: section name table index %d, sections are 0 to %d".formatted(index, count - 1));
        }
        return new StringTable(contentOf("section names", headers, index));
    }

    private ByteView contentOf(String name, ByteView headers, int index) {
        long at = (long) index * SECTION_HEADER_SIZE;
        return file.slice(name, headers.s64(at + 24), headers.s64(at + 32));
    }

    private Section readSection(ByteView headers, int index, StringTable names) {
        long at = (long) index * SECTION_HEADER_SIZE;
        int type = headers.s32(at + 4);
        var name = type == 0 ? "" : names.at(headers.u32(at));
        var title = "section `" + name + "`";
        var content = type == 0 || type == SECTION_NO_BITS ? file.slice(title, 0, 0) : contentOf(title, headers, index);
        long size = type == 0 ? 0 : headers.s64(at + 32);
        return new Section(
                index, name, type, headers.s64(at + 8), size, headers.s32(at + 40), headers.s32(at + 44), content);
    }

    private List<Symbol> readSymbols(Section table) {
        var names = new StringTable(stringsOf(table));
        var content = table.content();
        if (content.size() % SYMBOL_SIZE != 0) {
            throw new ObjectFormatException("%s: %d bytes, must be a multiple of the symbol size %d"
                    .formatted(content.name(), content.size(), SYMBOL_SIZE));
        }
        var result = new ArrayList<Symbol>();
        for (int i = 0; i < content.size() / SYMBOL_SIZE; i++) {
            try {
                result.add(readSymbol(content, i, names));
            } catch (ObjectFormatException e) {
                throw e.in("symbol " + i);
            }
        }
        return List.copyOf(result);
    }

    private ByteView stringsOf(Section table) {
        return section(table.link(), "string table of " + table.content().name(), SECTION_STRINGS)
                .content();
    }

    private Symbol readSymbol(ByteView content, int index, StringTable names) {
        long at = (long) index * SYMBOL_SIZE;
        int info = content.u8(at + 4);
        int section = content.u16(at + 6);
        if (section >= sections.size() && section < RESERVED_INDEXES) {
            throw new ObjectFormatException(
                    "section index %d, sections are 0 to %d".formatted(section, sections.size() - 1));
        }
        return new Symbol(
                names.at(content.u32(at)), info & 0x0f, info >> 4, section, content.s64(at + 8), content.s64(at + 16));
    }

    private Section section(int index, String use, int... types) {
        if (index < 0 || index >= sections.size()) {
            throw new ObjectFormatException("%s: section index %s, sections are 0 to %d"
                    .formatted(use, Integer.toUnsignedString(index), sections.size() - 1));
        }
        var section = sections.get(index);
        for (int type : types) {
            if (section.type() == type) {
                return section;
            }
        }
        throw new ObjectFormatException("%s: section %d `%s` has type %d, allowed are %s"
                .formatted(use, index, section.name(), section.type(), java.util.Arrays.toString(types)));
    }

    /** All sections, by index. */
    List<Section> sections() {
        return sections;
    }

    /** The first section with a name. */
    Optional<Section> section(String name) {
        return sections.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /** The symbols of the file's first symbol table; empty when it has none. */
    List<Symbol> symbols() {
        return symbolTables.entrySet().stream()
                .min(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .orElse(List.of());
    }

    /** The symbols that are defined in a section. */
    List<Symbol> symbolsIn(Section section) {
        return symbols().stream().filter(s -> s.section() == section.index()).toList();
    }

    /** The relocations of a section's content, in file order. */
    List<Relocation> relocationsOf(Section target) {
        var result = new ArrayList<Relocation>();
        for (var section : sections) {
            boolean rel = section.type() == SECTION_REL;
            if ((rel || section.type() == SECTION_RELA) && section.info() == target.index()) {
                readRelocations(section, target, !rel, result);
            }
        }
        return result;
    }

    private void readRelocations(Section table, Section target, boolean addends, List<Relocation> into) {
        int size = addends ? 24 : 16;
        var content = table.content();
        if (content.size() % size != 0) {
            throw new ObjectFormatException("%s: %d bytes, must be a multiple of the relocation size %d"
                    .formatted(content.name(), content.size(), size));
        }
        var symbols = symbolTables.get(section(table.link(), "symbol table of " + content.name(), SECTION_SYMBOLS)
                .index());
        for (int i = 0; i < content.size() / size; i++) {
            long at = (long) i * size;
            long offset = content.s64(at);
            if (offset < 0 || offset >= target.content().size()) {
                throw new ObjectFormatException("%s: relocation %d at offset %s, section `%s` has %d bytes"
                        .formatted(
                                content.name(),
                                i,
                                Long.toUnsignedString(offset),
                                target.name(),
                                target.content().size()));
            }
            long symbol = content.u32(at + 12);
            if (symbol >= symbols.size()) {
                throw new ObjectFormatException("%s: relocation %d has symbol %d, symbols are 0 to %d"
                        .formatted(content.name(), i, symbol, symbols.size() - 1));
            }
            var addend = addends ? Optional.of(content.s64(at + 16)) : Optional.<Long>empty();
            into.add(new Relocation((int) offset, content.s32(at + 8), symbols.get((int) symbol), addend));
        }
    }

    /**
     * One section.
     *
     * @param size bytes in memory; the content is empty for a section without bits ({@code .bss})
     */
    record Section(int index, String name, int type, long flags, long size, int link, int info, ByteView content) {

        private static final int PROGRAM_BITS = 1;
        private static final long EXECUTABLE = 0x4;
        private static final long MERGEABLE = 0x10;

        boolean isCode() {
            return type == PROGRAM_BITS && (flags & EXECUTABLE) != 0 && content.size() > 0;
        }

        boolean isData() {
            return type == PROGRAM_BITS && (flags & EXECUTABLE) == 0;
        }

        boolean isZeroed() {
            return type == SECTION_NO_BITS;
        }

        /** Literals that a linker may merge; nothing in it has a name. */
        boolean isMergeable() {
            return (flags & MERGEABLE) != 0;
        }
    }

    /** One symbol; {@code section} may be a reserved index. */
    record Symbol(String name, int type, int binding, int section, long value, long size) {

        private static final int OBJECT = 1;
        private static final int FUNCTION = 2;
        private static final int SECTION = 3;

        boolean isUndefined() {
            return section == 0;
        }

        /** A global name without a type. */
        boolean isGlobalLabel() {
            return type == 0 && !isLocal();
        }

        boolean isFunction() {
            return type == FUNCTION;
        }

        boolean isObject() {
            return type == OBJECT;
        }

        boolean isSection() {
            return type == SECTION;
        }

        boolean isLocal() {
            return binding == 0;
        }
    }

    /**
     * One relocation of a section's content.
     *
     * @param offset byte in the section, inside it
     * @param addend explicit in RELA, in the content itself for REL
     */
    record Relocation(int offset, int type, Symbol symbol, Optional<Long> addend) {
        /** A relocation that does nothing (R_BPF_NONE). */
        static final int NONE = 0;
        /** Of a wide load (R_BPF_64_64). */
        static final int WIDE_LOAD = 1;
        /** The last of those that store an address in data (R_BPF_64_ABS64 to R_BPF_64_NODYLD32). */
        private static final int LAST_ADDRESS = 4;
        /** Of a call (R_BPF_64_32). */
        static final int CALL = 10;

        /** Whether a function of another object is called. */
        boolean isExternalCall() {
            return type == CALL && symbol.isUndefined();
        }

        /** Whether it is of a type that stores an address in data; old compilers wrote 0, 1 or 10 there. */
        boolean isAddress() {
            return (type >= NONE && type <= LAST_ADDRESS) || type == CALL;
        }
    }
}

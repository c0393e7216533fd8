package io.vertebra.vm.btf;

import io.vertebra.vm.btf.BtfExtension.CoreRelocation;
import io.vertebra.vm.btf.BtfExtension.Line;
import io.vertebra.vm.format.ByteView;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.format.StringTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads {@code .BTF.ext}: function, line and CO-RE records, each checked against the section and the type table. */
public final class BtfExtensionReader {

    private static final int HEADER = 24;
    private static final int HEADER_WITH_RELOCATIONS = 32;
    private static final int COLUMN_BITS = 10;
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");

    private final ByteView view;
    private final long header;
    private final Btf btf;
    private final StringTable strings;

    private BtfExtensionReader(ByteView view, Btf btf, StringTable strings) {
        this.view = view;
        this.header = BtfReader.header(view, HEADER);
        this.btf = btf;
        this.strings = strings;
    }

    /**
     * Reads the extension of a type table.
     *
     * @param extension the content of {@code .BTF.ext}
     * @param btf the content of {@code .BTF}, whose strings the extension uses
     * @param types the types that were read from {@code btf}
     * @throws ObjectFormatException when it is malformed
     */
    public static BtfExtension read(byte[] extension, byte[] btf, Btf types) {
        return new BtfExtensionReader(
                        ByteView.of(".BTF.ext", extension), types, BtfReader.strings(ByteView.of(".BTF", btf)))
                .read();
    }

    private BtfExtension read() {
        return new BtfExtension(
                records(8, "functions", 8, this::function),
                records(16, "lines", 16, this::line),
                header < HEADER_WITH_RELOCATIONS ? Map.of() : records(24, "CO-RE relocations", 16, this::relocation));
    }

    private interface RecordReader<T> {
        T read(ByteView records, long at);
    }

    private <T> Map<String, NavigableMap<Integer, T>> records(
            int headerField, String what, int minimum, RecordReader<T> reader) {
        var part = view.slice(".BTF.ext " + what, header + view.u32(headerField), view.u32(headerField + 4));
        var result = new HashMap<String, NavigableMap<Integer, T>>();
        if (part.size() == 0) {
            return result;
        }
        long recordSize = part.u32(0);
        if (recordSize < minimum) {
            throw new ObjectFormatException(
                    "%s: record size %d, allowed is at least %d".formatted(part.name(), recordSize, minimum));
        }
        long at = 4;
        while (at < part.size()) {
            var section = strings.at(part.u32(at));
            long count = part.u32(at + 4);
            var records = part.slice(part.name() + " of `" + section + "`", at + 8, count * recordSize);
            var byOffset = result.computeIfAbsent(section, _ -> new TreeMap<>());
            for (long i = 0; i < count; i++) {
                byOffset.put(instructionOffset(records, i * recordSize), reader.read(records, i * recordSize));
            }
            at += 8 + count * recordSize;
        }
        return result;
    }

    private static int instructionOffset(ByteView records, long at) {
        int offset = records.s32(at);
        if (offset < 0 || offset % 8 != 0) {
            throw new ObjectFormatException("%s: instruction offset %s, must be a multiple of 8 below 2^31"
                    .formatted(records.name(), Integer.toUnsignedString(offset)));
        }
        return offset;
    }

    private Integer function(ByteView records, long at) {
        int type = typeId(records, at);
        if (!(btf.type(type) instanceof BtfType.Function)) {
            throw new ObjectFormatException("%s: type %d is no function".formatted(records.name(), type));
        }
        return type;
    }

    private Line line(ByteView records, long at) {
        int position = records.s32(at + 12);
        return new Line(
                strings.at(records.u32(at + 4)),
                strings.at(records.u32(at + 8)),
                position >>> COLUMN_BITS,
                position & ((1 << COLUMN_BITS) - 1));
    }

    private CoreRelocation relocation(ByteView records, long at) {
        int kind = records.s32(at + 12);
        var kinds = CoreRelocation.Kind.values();
        if (kind < 0 || kind >= kinds.length) {
            throw new ObjectFormatException("%s: kind %s, allowed are 0 to %d"
                    .formatted(records.name(), Integer.toUnsignedString(kind), kinds.length - 1));
        }
        return new CoreRelocation(typeId(records, at), access(records, strings.at(records.u32(at + 8))), kinds[kind]);
    }

    private static List<Integer> access(ByteView records, String text) {
        var indices = new ArrayList<Integer>();
        for (var part : text.split(":", -1)) {
            if (!INDEX.matcher(part).matches()) {
                throw new ObjectFormatException(
                        "%s: access `%s`, must be numbers separated by colons".formatted(records.name(), text));
            }
            indices.add(Integer.parseInt(part));
        }
        return indices;
    }

    private int typeId(ByteView records, long at) {
        int type = records.s32(at + 4);
        if (type < 0 || type >= btf.types().size()) {
            throw new ObjectFormatException("%s: type %s, ids are 0 to %d"
                    .formatted(
                            records.name(),
                            Integer.toUnsignedString(type),
                            btf.types().size() - 1));
        }
        return type;
    }
}

package io.vertebra.vm.btf;

import io.vertebra.vm.format.ByteView;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.format.StringTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code .BTF}: little endian, version 1, all kinds up to ENUM64 (19). Every offset, id and count is checked;
 * what it returns cannot contain a dangling id or a type that contains itself by value.
 */
public final class BtfReader {

    static final int MAGIC = 0xeb9f;
    static final int MAGIC_SWAPPED = 0x9feb;
    static final int VERSION = 1;

    private static final int HEADER = 24;

    private final ByteView types;
    private final StringTable strings;
    private final List<BtfType> table = new ArrayList<>();
    private int at;

    private BtfReader(ByteView types, StringTable strings) {
        this.types = types;
        this.strings = strings;
    }

    /**
     * Reads a type table.
     *
     * @param btf the content of the {@code .BTF} section
     * @throws ObjectFormatException when it is malformed, big endian, or of an unknown version or kind
     */
    public static Btf read(byte[] btf) {
        var view = ByteView.of(".BTF", btf);
        long header = header(view, HEADER);
        var types = view.slice(".BTF types", header + view.u32(8), view.u32(12));
        return new BtfReader(types, strings(view)).table();
    }

    /** The strings of a {@code .BTF} section; {@code .BTF.ext} refers to them too. */
    static StringTable strings(ByteView btf) {
        long header = header(btf, HEADER);
        return new StringTable(btf.slice(".BTF strings", header + btf.u32(16), btf.u32(20)));
    }

    /** Checks magic and version, and returns the header's length. */
    static long header(ByteView view, int atLeast) {
        int magic = view.u16(0);
        if (magic == MAGIC_SWAPPED) {
            throw new ObjectFormatException(
                    view.name() + ": it is big endian, allowed is little endian (compile with -target bpfel)");
        }
        if (magic != MAGIC || view.u8(2) != VERSION) {
            throw new ObjectFormatException("%s: magic=0x%04x, version=%d, allowed are 0x%04x and %d"
                    .formatted(view.name(), magic, view.u8(2), MAGIC, VERSION));
        }
        long length = view.u32(4);
        if (length < atLeast || length > view.size()) {
            throw new ObjectFormatException("%s: header length %d, allowed are %d to the section's size %d"
                    .formatted(view.name(), length, atLeast, view.size()));
        }
        return length;
    }

    private Btf table() {
        table.add(new BtfType.Void());
        while (at < types.size()) {
            try {
                table.add(next());
            } catch (ObjectFormatException e) {
                throw e.in("BTF type " + table.size());
            }
        }
        new BtfCheck(table).run();
        return new Btf(table);
    }

    private BtfType next() {
        var name = strings.at(word());
        int info = word();
        int sizeOrType = word();
        int count = info & 0xffff;
        int kind = (info >>> 24) & 0x1f;
        boolean flag = info < 0;
        return switch (kind) {
            case 1 -> integer(name, sizeOrType, word());
            case 2 -> new BtfType.Pointer(sizeOrType);
            case 3 -> new BtfType.Array(word(), word(), positive("elements", word()));
            case 4, 5 ->
                new BtfType.Struct(name, positive("size", sizeOrType), kind == 5, repeat(count, () -> member(flag)));
            case 6 -> enumeration(name, sizeOrType, flag, repeat(count, () -> enumerator(flag)));
            case 7 -> new BtfType.Forward(name, flag);
            case 8 -> new BtfType.Typedef(name, sizeOrType);
            case 9 -> new BtfType.Modifier(name, BtfType.Modifier.Kind.VOLATILE, sizeOrType);
            case 10 -> new BtfType.Modifier(name, BtfType.Modifier.Kind.CONST, sizeOrType);
            case 11 -> new BtfType.Modifier(name, BtfType.Modifier.Kind.RESTRICT, sizeOrType);
            case 12 -> new BtfType.Function(name, sizeOrType, count);
            case 13 ->
                new BtfType.Prototype(
                        sizeOrType, repeat(count, () -> new BtfType.Parameter(strings.at(word()), word())));
            case 14 -> new BtfType.Variable(name, sizeOrType, word());
            case 15 -> new BtfType.DataSection(name, positive("size", sizeOrType), repeat(count, this::placed));
            case 16 -> new BtfType.Float(name, floatSize(sizeOrType));
            case 17 -> new BtfType.DeclTag(name, sizeOrType, word());
            case 18 -> new BtfType.Modifier(name, BtfType.Modifier.Kind.TYPE_TAG, sizeOrType);
            case 19 -> enumeration(name, sizeOrType, flag, repeat(count, this::enumerator64));
            default -> throw new ObjectFormatException("kind=%d, allowed are 1 to 19".formatted(kind));
        };
    }

    private static BtfType integer(String name, int size, int encoding) {
        int bits = encoding & 0xff;
        int bitOffset = (encoding >>> 16) & 0xff;
        if ((size != 1 && size != 2 && size != 4 && size != 8 && size != 16) || bits + bitOffset > size * Byte.SIZE) {
            throw new ObjectFormatException(
                    "integer `%s`: %d bits at bit %d in %d bytes, allowed are 1, 2, 4, 8 or 16 bytes that hold them"
                            .formatted(name, bits, bitOffset, size));
        }
        int flags = (encoding >>> 24) & 0x0f;
        return new BtfType.Int(name, size, bits, bitOffset, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
    }

    private static BtfType enumeration(String name, int size, boolean signed, List<BtfType.Enumerator> values) {
        if (size != 1 && size != 2 && size != 4 && size != 8) {
            throw new ObjectFormatException("enum `%s`: size=%d, allowed are 1, 2, 4 and 8".formatted(name, size));
        }
        return new BtfType.Enum(name, size, signed, values);
    }

    private static int floatSize(int size) {
        if (size != 2 && size != 4 && size != 8 && size != 12 && size != 16) {
            throw new ObjectFormatException("float size=%d, allowed are 2, 4, 8, 12 and 16".formatted(size));
        }
        return size;
    }

    /** With the flag of its struct, a member's offset carries the size of a bit field in its upper 8 bits. */
    private BtfType.Member member(boolean bitFields) {
        var name = strings.at(word());
        int type = word();
        int offset = word();
        return bitFields
                ? new BtfType.Member(name, type, offset & 0xffffff, offset >>> 24)
                : new BtfType.Member(name, type, positive("bit offset", offset), 0);
    }

    private BtfType.Enumerator enumerator(boolean signed) {
        var name = strings.at(word());
        int value = word();
        return new BtfType.Enumerator(name, signed ? value : Integer.toUnsignedLong(value));
    }

    private BtfType.Enumerator enumerator64() {
        var name = strings.at(word());
        long lower = Integer.toUnsignedLong(word());
        return new BtfType.Enumerator(name, ((long) word() << Integer.SIZE) | lower);
    }

    private BtfType.Placed placed() {
        return new BtfType.Placed(word(), positive("offset", word()), positive("size", word()));
    }

    private static int positive(String what, int number) {
        if (number < 0) {
            throw new ObjectFormatException("%s=%s, allowed is at most %d"
                    .formatted(what, Integer.toUnsignedString(number), Integer.MAX_VALUE));
        }
        return number;
    }

    private <T> List<T> repeat(int count, java.util.function.Supplier<T> element) {
        var list = new ArrayList<T>();
        for (int i = 0; i < count; i++) {
            list.add(element.get());
        }
        return List.copyOf(list);
    }

    private int word() {
        int value = types.s32(at);
        at += Integer.BYTES;
        return value;
    }
}

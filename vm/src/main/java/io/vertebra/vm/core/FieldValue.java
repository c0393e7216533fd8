package io.vertebra.vm.core;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfExtension.CoreRelocation.Kind;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.format.ObjectFormatException;

/**
 * What a relocation asks of one field.
 *
 * @param value the number
 * @param certain whether every compiler gives that number; for bit fields each chooses its own way to load them
 * @param size bytes that a load or a store of the field takes; 0 where none is asked for
 * @param type id of what is loaded or stored
 */
record FieldValue(long value, boolean certain, long size, int type) {

    private static FieldValue number(long value, boolean certain) {
        return new FieldValue(value, certain, 0, 0);
    }

    static FieldValue of(Btf btf, FieldPath path, Kind kind) {
        return switch (path.steps().getLast()) {
            case FieldPath.Element element -> ofElement(btf, path, element, kind);
            case FieldPath.Member member -> {
                var field =
                        ((BtfType.Struct) btf.type(member.struct())).members().get(member.index());
                yield field.bitSize() > 0
                        ? ofBitField(btf, path, field, kind)
                        : ofField(btf, path, btf.resolve(field.type()), kind);
            }
        };
    }

    private static FieldValue ofElement(Btf btf, FieldPath path, FieldPath.Element element, Kind kind) {
        return switch (kind) {
            case FIELD_BYTE_OFFSET -> offset(btf, path, element.type());
            case FIELD_BYTE_SIZE -> number(btf.sizeOf(element.type()), true);
            default ->
                throw new ObjectFormatException(
                        "%s of an array element, allowed are byte_off and byte_sz".formatted(kind.label()));
        };
    }

    private static FieldValue ofField(Btf btf, FieldPath path, int type, Kind kind) {
        long bits = btf.sizeOf(type) * Byte.SIZE;
        return switch (kind) {
            case FIELD_BYTE_OFFSET -> offset(btf, path, type);
            case FIELD_BYTE_SIZE -> number(btf.sizeOf(type), true);
            case FIELD_SIGNED -> number(signed(btf.type(type)) ? 1 : 0, true);
            case FIELD_LEFT_SHIFT, FIELD_RIGHT_SHIFT -> number(shift(bits), true);
            default -> throw new IllegalArgumentException(kind + " is not asked of a field");
        };
    }

    /** Of an array, single elements are loaded and stored. */
    private static FieldValue offset(Btf btf, FieldPath path, int type) {
        int element = type;
        while (btf.type(element) instanceof BtfType.Array array) {
            element = btf.resolve(array.element());
        }
        return new FieldValue(path.bitOffset() / Byte.SIZE, true, btf.sizeOf(element), type);
    }

    /** A bit field is loaded by the smallest aligned integer, from the size of its type on, that has all its bits. */
    private static FieldValue ofBitField(Btf btf, FieldPath path, BtfType.Member field, Kind kind) {
        long size = btf.sizeOf(field.type());
        long first = path.bitOffset();
        long end = first + field.bitSize();
        long start = first / Byte.SIZE / size * size;
        while (end > (start + size) * Byte.SIZE) {
            if (size >= Long.BYTES) {
                throw new ObjectFormatException(
                        "bit field `%s`: no load of %d bytes has all its bits".formatted(field.name(), Long.BYTES));
            }
            size *= 2;
            start = first / Byte.SIZE / size * size;
        }
        return switch (kind) {
            case FIELD_BYTE_OFFSET -> number(start, false);
            case FIELD_BYTE_SIZE -> number(size, false);
            case FIELD_SIGNED -> number(signed(btf.resolved(field.type())) ? 1 : 0, true);
            case FIELD_LEFT_SHIFT -> number(shift(end - start * Byte.SIZE), false);
            case FIELD_RIGHT_SHIFT -> number(shift(field.bitSize()), true);
            default -> throw new IllegalArgumentException(kind + " is not asked of a field");
        };
    }

    private static long shift(long bits) {
        if (bits > Long.SIZE) {
            throw new ObjectFormatException("a shift of a field of %d bits, allowed are 64".formatted(bits));
        }
        return Long.SIZE - bits;
    }

    private static boolean signed(BtfType type) {
        return (type instanceof BtfType.Int i && i.signed()) || (type instanceof BtfType.Enum e && e.signed());
    }
}

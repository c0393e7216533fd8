package io.vertebra.vm.btf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads Java values from memory by BTF types, as {@link BtfValues} describes them. */
final class BtfValueReader {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Btf btf;
    private final MemorySegment memory;

    BtfValueReader(Btf btf, MemorySegment memory) {
        this.btf = btf;
        this.memory = memory;
    }

    Object read(int type, long offset) {
        return switch (btf.resolved(type)) {
            case BtfType.Int t -> integer(t, offset * Byte.SIZE + t.bitOffset(), t.bits());
            case BtfType.Pointer _ -> pointer(offset);
            case BtfType.Enum t -> enumerator(t, number(offset * Byte.SIZE, bits(t.size()), t.signed()));
            case BtfType.Float t -> floating(t, offset);
            case BtfType.Array t -> array(t, t.count(), offset);
            case BtfType.Struct t -> struct(t.members(), offset);
            case BtfType.DataSection t -> {
                var variables = new LinkedHashMap<String, Object>();
                for (var placed : t.variables()) {
                    var variable = btf.type(placed.variable());
                    variables.put(variable.name(), read(placed.variable(), offset + placed.offset()));
                }
                yield variables;
            }
            case BtfType.Variable t -> read(t.type(), offset);
            case BtfType.Void _,
                    BtfType.Forward _,
                    BtfType.Function _,
                    BtfType.Prototype _,
                    BtfType.DeclTag _,
                    BtfType.Typedef _,
                    BtfType.Modifier _ ->
                throw new IllegalArgumentException("BTF type %d `%s` has no values"
                        .formatted(type, btf.type(type).name()));
        };
    }

    Optional<Object> record(int type) {
        if (btf.resolved(type) instanceof BtfType.Struct struct
                && !struct.union()
                && !struct.members().isEmpty()
                && btf.resolved(struct.members().getLast().type()) instanceof BtfType.Array array) {
            return record(struct, array);
        }
        return btf.sizeOf(type) > memory.byteSize() ? Optional.empty() : Optional.of(read(type, 0));
    }

    /** A struct whose array at the end is as long as the memory allows. */
    private Optional<Object> record(BtfType.Struct struct, BtfType.Array array) {
        var last = struct.members().getLast();
        long room = memory.byteSize() - last.bitOffset() / Byte.SIZE;
        if (room < 0) {
            return Optional.empty();
        }
        long stride = btf.sizeOf(array.element());
        long fit = stride == 0 ? 0 : room / stride;
        long count = array.count() == 0 ? fit : Math.min(fit, array.count());
        var fields = struct(struct.members().subList(0, struct.members().size() - 1), 0);
        fields.put(last.name(), array(array, count, last.bitOffset() / Byte.SIZE));
        return Optional.of(fields);
    }

    private Map<String, Object> struct(List<BtfType.Member> members, long offset) {
        var fields = new LinkedHashMap<String, Object>();
        members(members, offset, fields);
        return fields;
    }

    private void members(List<BtfType.Member> members, long offset, Map<String, Object> into) {
        for (var member : members) {
            long at = offset + member.bitOffset() / Byte.SIZE;
            var type = btf.resolved(member.type());
            if (member.name().isEmpty()) {
                if (type instanceof BtfType.Struct anonymous) {
                    members(anonymous.members(), at, into);
                }
            } else {
                into.put(
                        member.name(),
                        isBitField(member)
                                ? bitField(type, offset * Byte.SIZE + member.bitOffset(), member.bitSize())
                                : read(member.type(), at));
            }
        }
    }

    private static boolean isBitField(BtfType.Member member) {
        return member.bitSize() > 0 || member.bitOffset() % Byte.SIZE != 0;
    }

    /** A bit field of the new style has its size in the member; of the old style in its integer type. */
    private Object bitField(BtfType type, long bit, int size) {
        return switch (type) {
            case BtfType.Enum t -> enumerator(t, number(bit, size, t.signed()));
            case BtfType.Int t -> size > 0 ? integer(t, bit, size) : integer(t, bit + t.bitOffset(), t.bits());
            default -> throw new IllegalArgumentException("bit field of type `" + type.name() + "`");
        };
    }

    private Object array(BtfType.Array array, long count, long offset) {
        if (BtfValues.isCharacter(btf, array.element())) {
            return text(offset, count);
        }
        long stride = btf.sizeOf(array.element());
        var elements = new ArrayList<>();
        for (long i = 0; i < count && stride > 0; i++) {
            elements.add(read(array.element(), offset + i * stride));
        }
        return elements;
    }

    private String text(long offset, long capacity) {
        var bytes = memory.asSlice(offset, capacity).toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private String pointer(long offset) {
        var address = number(offset * Byte.SIZE, Long.SIZE, false);
        return "0x" + Long.toHexString(((Number) address).longValue());
    }

    private Object integer(BtfType.Int type, long bit, int bits) {
        if (type.bool()) {
            return number(bit, bits, false) instanceof Long value && value != 0;
        }
        return number(bit, bits, type.signed());
    }

    private static Object enumerator(BtfType.Enum type, Object number) {
        long value = ((Number) number).longValue();
        for (var enumerator : type.values()) {
            if (enumerator.value() == value) {
                return enumerator.name();
            }
        }
        return number;
    }

    private Object floating(BtfType.Float type, long offset) {
        return switch (type.size()) {
            case Float.BYTES -> memory.get(FLOAT, offset);
            case Double.BYTES -> memory.get(DOUBLE, offset);
            default -> number(offset * Byte.SIZE, bits(type.size()), false);
        };
    }

    /** The number in any run of bits, lowest bit first, as {@code Long} where it fits. */
    private Object number(long bit, int bits, boolean signed) {
        if (bits > Long.SIZE) {
            return bigNumber(bit / Byte.SIZE, bits / Byte.SIZE, signed);
        }
        if (bits == 0) {
            return 0L;
        }
        int shift = (int) (bit % Byte.SIZE);
        long value = 0;
        for (int got = -shift; got < bits; got += Byte.SIZE) {
            long next = Byte.toUnsignedLong(memory.get(ValueLayout.JAVA_BYTE, (bit + got + shift) / Byte.SIZE));
            value |= got < 0 ? next >>> -got : next << got;
        }
        int above = Long.SIZE - bits;
        if (signed) {
            return value << above >> above;
        }
        long unsigned = value << above >>> above;
        return unsigned >= 0 ? (Object) unsigned : new BigInteger(Long.toUnsignedString(unsigned));
    }

    private BigInteger bigNumber(long offset, int size, boolean signed) {
        var bytes = memory.asSlice(offset, size).toArray(ValueLayout.JAVA_BYTE);
        for (int i = 0; i < size / 2; i++) {
            byte swapped = bytes[i];
            bytes[i] = bytes[size - 1 - i];
            bytes[size - 1 - i] = swapped;
        }
        return signed ? new BigInteger(bytes) : new BigInteger(1, bytes);
    }

    private static int bits(int bytes) {
        return bytes * Byte.SIZE;
    }
}

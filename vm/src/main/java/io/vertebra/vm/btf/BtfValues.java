package io.vertebra.vm.btf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Memory seen through BTF: turns the bytes of a record, a map value or a global variable into Java values.
 *
 * <table>
 * <caption>What each kind becomes</caption>
 * <tr><td>struct, union, data section</td><td>{@code LinkedHashMap<String, Object>} in declaration order; the members
 * of an anonymous struct or union join those of the outer one</td></tr>
 * <tr><td>array</td><td>{@code List<Object>}; of {@code char}: {@code String} up to the first NUL</td></tr>
 * <tr><td>integer, pointer</td><td>{@code Long}; above {@code Long.MAX_VALUE} or of 16 bytes {@code BigInteger}</td></tr>
 * <tr><td>bool</td><td>{@code Boolean}</td></tr>
 * <tr><td>enum</td><td>the enumerator's name, or the number when none has it</td></tr>
 * <tr><td>float</td><td>{@code Double}; of other than 4 and 8 bytes the bytes as {@code BigInteger}</td></tr>
 * </table>
 *
 * <p>Stateless; as thread-safe as the memory that it reads.
 */
public final class BtfValues {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private BtfValues() {}

    /**
     * The value of a type at an offset.
     *
     * @throws IndexOutOfBoundsException when the value does not lie in the memory
     * @throws IllegalArgumentException when the type has no values ({@code void}, a function, a forward declaration)
     */
    public static Object read(Btf btf, int type, MemorySegment memory, long offset) {
        return switch (btf.resolved(type)) {
            case BtfType.Int t -> integer(t, memory, offset * Byte.SIZE + t.bitOffset(), t.bits());
            case BtfType.Pointer _ -> number(memory, offset * Byte.SIZE, Long.SIZE, false);
            case BtfType.Enum t -> enumerator(t, number(memory, offset * Byte.SIZE, bits(t.size()), t.signed()));
            case BtfType.Float t -> floating(t, memory, offset);
            case BtfType.Array t -> array(btf, t, memory, offset);
            case BtfType.Struct t -> {
                var fields = new LinkedHashMap<String, Object>();
                struct(btf, t, memory, offset, fields);
                yield fields;
            }
            case BtfType.DataSection t -> {
                var variables = new LinkedHashMap<String, Object>();
                for (var placed : t.variables()) {
                    var variable = btf.type(placed.variable());
                    variables.put(variable.name(), read(btf, placed.variable(), memory, offset + placed.offset()));
                }
                yield variables;
            }
            case BtfType.Variable t -> read(btf, t.type(), memory, offset);
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

    /**
     * Stores a Java value as a type: the reverse of {@link #read}, for values from a configuration.
     *
     * <p>An integer takes any integral {@code Number} in its range, a {@code bool} a {@code Boolean}, an enum the name
     * of an enumerator, a {@code char} array a {@code String} that fits with its NUL, an array a {@code List} of its
     * length, a struct a {@code Map} of some of its members (the others keep their value).
     *
     * @param name what messages call the value
     * @throws IllegalArgumentException when the value does not fit the type; the memory may be partly written
     */
    public static void write(Btf btf, int type, MemorySegment memory, long offset, String name, Object value) {
        new BtfValueWriter(btf, memory).write(type, offset, name, value);
    }

    private static void struct(
            Btf btf, BtfType.Struct struct, MemorySegment memory, long offset, Map<String, Object> into) {
        for (var member : struct.members()) {
            long at = offset + member.bitOffset() / Byte.SIZE;
            var type = btf.resolved(member.type());
            if (member.name().isEmpty()) {
                if (type instanceof BtfType.Struct anonymous) {
                    struct(btf, anonymous, memory, at, into);
                }
            } else {
                into.put(
                        member.name(),
                        isBitField(member)
                                ? bitField(type, memory, offset * Byte.SIZE + member.bitOffset(), member.bitSize())
                                : read(btf, member.type(), memory, at));
            }
        }
    }

    private static boolean isBitField(BtfType.Member member) {
        return member.bitSize() > 0 || member.bitOffset() % Byte.SIZE != 0;
    }

    /** A bit field of the new style has its size in the member; of the old style in its integer type. */
    private static Object bitField(BtfType type, MemorySegment memory, long bit, int size) {
        return switch (type) {
            case BtfType.Enum t -> enumerator(t, number(memory, bit, size, t.signed()));
            case BtfType.Int t ->
                size > 0 ? integer(t, memory, bit, size) : integer(t, memory, bit + t.bitOffset(), t.bits());
            default -> throw new IllegalArgumentException("bit field of type `" + type.name() + "`");
        };
    }

    private static Object array(Btf btf, BtfType.Array array, MemorySegment memory, long offset) {
        if (isCharacter(btf, array.element())) {
            return text(memory, offset, array.count());
        }
        long stride = btf.sizeOf(array.element());
        var elements = new ArrayList<>();
        for (long i = 0; i < array.count() && stride > 0; i++) {
            elements.add(read(btf, array.element(), memory, offset + i * stride));
        }
        return elements;
    }

    /** Whether an array of the type is a string: {@code char}, which compilers write as an 8-bit integer named so. */
    static boolean isCharacter(Btf btf, int type) {
        return btf.resolved(type) instanceof BtfType.Int t
                && t.size() == 1
                && (t.character() || t.name().equals("char"));
    }

    private static String text(MemorySegment memory, long offset, long capacity) {
        var bytes = memory.asSlice(offset, capacity).toArray(ValueLayout.JAVA_BYTE);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static Object integer(BtfType.Int type, MemorySegment memory, long bit, int bits) {
        if (type.bool()) {
            return number(memory, bit, bits, false) instanceof Long value && value != 0;
        }
        return number(memory, bit, bits, type.signed());
    }

    private static Object enumerator(BtfType.Enum type, Object number) {
        long value = number instanceof BigInteger big ? big.longValue() : (Long) number;
        for (var enumerator : type.values()) {
            if (enumerator.value() == value) {
                return enumerator.name();
            }
        }
        return number;
    }

    private static Object floating(BtfType.Float type, MemorySegment memory, long offset) {
        return switch (type.size()) {
            case Float.BYTES -> (double) memory.get(FLOAT, offset);
            case Double.BYTES -> memory.get(DOUBLE, offset);
            default -> number(memory, offset * Byte.SIZE, bits(type.size()), false);
        };
    }

    /** The number in any run of bits, lowest bit first, as {@code Long} where it fits. */
    private static Object number(MemorySegment memory, long bit, int bits, boolean signed) {
        if (bits > Long.SIZE) {
            return bigNumber(memory, bit / Byte.SIZE, bits / Byte.SIZE, signed);
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

    private static BigInteger bigNumber(MemorySegment memory, long offset, int size, boolean signed) {
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

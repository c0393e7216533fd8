package io.vertebra.vm.btf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Tells a visitor what memory holds by BTF types, as {@link BtfValues} describes it. */
final class BtfValueReader<E extends Exception> {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Btf btf;
    private final MemorySegment memory;
    private final BtfVisitor<E> visitor;

    BtfValueReader(Btf btf, MemorySegment memory, BtfVisitor<E> visitor) {
        this.btf = btf;
        this.memory = memory;
        this.visitor = visitor;
    }

    void read(int type, long offset) throws E {
        switch (btf.resolved(type)) {
            case BtfType.Int t -> integer(t, offset * Byte.SIZE + t.bitOffset(), t.bits());
            case BtfType.Pointer _ -> visitor.text("0x" + Long.toHexString(memory.get(LONG, offset)));
            case BtfType.Enum t -> enumerator(t, offset * Byte.SIZE, bits(t.size()));
            case BtfType.Float t -> floating(t, offset);
            case BtfType.Array t -> array(t, t.count(), offset);
            case BtfType.Struct t -> {
                visitor.beginStruct();
                members(t.members(), offset);
                visitor.endStruct();
            }
            case BtfType.DataSection t -> {
                visitor.beginStruct();
                for (var placed : t.variables()) {
                    visitor.member(btf.type(placed.variable()).name());
                    read(placed.variable(), offset + placed.offset());
                }
                visitor.endStruct();
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
        }
    }

    /** Whether the record is long enough for its type; if not, nothing is told. */
    boolean record(int type) throws E {
        if (btf.resolved(type) instanceof BtfType.Struct struct
                && !struct.union()
                && !struct.members().isEmpty()
                && btf.resolved(struct.members().getLast().type()) instanceof BtfType.Array array) {
            return record(struct, array);
        }
        if (btf.sizeOf(type) > memory.byteSize()) {
            return false;
        }
        read(type, 0);
        return true;
    }

    /** A struct whose array at the end is as long as the memory allows. */
    private boolean record(BtfType.Struct struct, BtfType.Array array) throws E {
        var last = struct.members().getLast();
        long room = memory.byteSize() - last.bitOffset() / Byte.SIZE;
        if (room < 0) {
            return false;
        }
        long stride = btf.sizeOf(array.element());
        long fit = stride == 0 ? 0 : room / stride;
        visitor.beginStruct();
        members(struct.members().subList(0, struct.members().size() - 1), 0);
        visitor.member(last.name());
        array(array, array.count() == 0 ? fit : Math.min(fit, array.count()), last.bitOffset() / Byte.SIZE);
        visitor.endStruct();
        return true;
    }

    private void members(List<BtfType.Member> members, long offset) throws E {
        for (var member : members) {
            if (!member.name().isEmpty()) {
                visitor.member(member.name());
                value(member, offset);
            } else if (btf.resolved(member.type()) instanceof BtfType.Struct anonymous) {
                members(anonymous.members(), offset + member.bitOffset() / Byte.SIZE);
            }
        }
    }

    private void value(BtfType.Member member, long offset) throws E {
        if (member.bitSize() > 0 || member.bitOffset() % Byte.SIZE != 0) {
            bitField(btf.resolved(member.type()), offset * Byte.SIZE + member.bitOffset(), member.bitSize());
        } else {
            read(member.type(), offset + member.bitOffset() / Byte.SIZE);
        }
    }

    /** A bit field of the new style has its size in the member; of the old style in its integer type. */
    private void bitField(BtfType type, long bit, int size) throws E {
        switch (type) {
            case BtfType.Enum t -> enumerator(t, bit, size);
            case BtfType.Int t when size > 0 -> integer(t, bit, size);
            case BtfType.Int t -> integer(t, bit + t.bitOffset(), t.bits());
            default -> throw new IllegalArgumentException("bit field of type `" + type.name() + "`");
        }
    }

    private void array(BtfType.Array array, long count, long offset) throws E {
        if (BtfValues.isCharacter(btf, array.element())) {
            visitor.text(text(offset, count));
            return;
        }
        long stride = btf.sizeOf(array.element());
        visitor.beginArray();
        for (long i = 0; i < count && stride > 0; i++) {
            read(array.element(), offset + i * stride);
        }
        visitor.endArray();
    }

    private String text(long offset, long capacity) {
        Objects.checkFromIndexSize(offset, capacity, memory.byteSize());
        int length = 0;
        while (length < capacity && memory.get(ValueLayout.JAVA_BYTE, offset + length) != 0) {
            length++;
        }
        var bytes = new byte[length];
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void integer(BtfType.Int type, long bit, int bits) throws E {
        if (bits > Long.SIZE) {
            wide(bit / Byte.SIZE, bits / Byte.SIZE, type.signed());
        } else if (type.bool()) {
            visitor.bool(number(bit, bits, false) != 0);
        } else {
            tell(number(bit, bits, type.signed()), type.signed());
        }
    }

    private void enumerator(BtfType.Enum type, long bit, int bits) throws E {
        long value = number(bit, bits, type.signed());
        for (var enumerator : type.values()) {
            if (enumerator.value() == value) {
                visitor.text(enumerator.name());
                return;
            }
        }
        tell(value, type.signed());
    }

    private void floating(BtfType.Float type, long offset) throws E {
        switch (type.size()) {
            case Float.BYTES -> visitor.floating(memory.get(FLOAT, offset));
            case Double.BYTES -> visitor.floating(memory.get(DOUBLE, offset));
            default -> unsigned(offset, type.size());
        }
    }

    private void unsigned(long offset, int size) throws E {
        if (size > Long.BYTES) {
            wide(offset, size, false);
        } else {
            tell(number(offset * Byte.SIZE, bits(size), false), false);
        }
    }

    private void tell(long number, boolean signed) throws E {
        if (signed || number >= 0) {
            visitor.integer(number);
        } else {
            visitor.integer(new BigInteger(Long.toUnsignedString(number)));
        }
    }

    /** The number in any run of up to 64 bits, lowest bit first. */
    private long number(long bit, int bits, boolean signed) {
        if (bits == 0) {
            return 0;
        }
        long value = bit % Byte.SIZE == 0 ? whole(bit / Byte.SIZE, bits) : shifted(bit, bits);
        int above = Long.SIZE - bits;
        return signed ? value << above >> above : value << above >>> above;
    }

    /** The bits from a byte on; above them, any. */
    private long whole(long offset, int bits) {
        return switch (bits) {
            case Long.SIZE -> memory.get(LONG, offset);
            case Integer.SIZE -> memory.get(INT, offset);
            case Byte.SIZE -> memory.get(ValueLayout.JAVA_BYTE, offset);
            default -> shifted(offset * Byte.SIZE, bits);
        };
    }

    private long shifted(long bit, int bits) {
        int shift = (int) (bit % Byte.SIZE);
        long value = 0;
        for (int got = -shift; got < bits; got += Byte.SIZE) {
            long next = Byte.toUnsignedLong(memory.get(ValueLayout.JAVA_BYTE, (bit + got + shift) / Byte.SIZE));
            value |= got < 0 ? next >>> -got : next << got;
        }
        return value;
    }

    /** The number in more than 8 bytes. */
    private void wide(long offset, int size, boolean signed) throws E {
        var bytes = memory.asSlice(offset, size).toArray(ValueLayout.JAVA_BYTE);
        for (int i = 0; i < size / 2; i++) {
            byte swapped = bytes[i];
            bytes[i] = bytes[size - 1 - i];
            bytes[size - 1 - i] = swapped;
        }
        visitor.integer(signed ? new BigInteger(bytes) : new BigInteger(1, bytes));
    }

    private static int bits(int bytes) {
        return bytes * Byte.SIZE;
    }
}

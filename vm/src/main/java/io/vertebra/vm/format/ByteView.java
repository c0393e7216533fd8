package io.vertebra.vm.format;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A named window of little-endian bytes; every access is checked against it. Offsets are {@code long}, so that a 64-bit
 * number from a file is checked before it is narrowed. Immutable as long as nobody writes the array that it wraps.
 */
public final class ByteView {

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final String name;
    private final byte[] bytes;
    private final int start;
    private final int size;

    private ByteView(String name, byte[] bytes, int start, int size) {
        this.name = name;
        this.bytes = bytes;
        this.start = start;
        this.size = size;
    }

    /** A view of a whole array, which it does not copy. */
    public static ByteView of(String name, byte[] bytes) {
        return new ByteView(name, bytes, 0, bytes.length);
    }

    /** What messages call it. */
    public String name() {
        return name;
    }

    /** Bytes in the view. */
    public int size() {
        return size;
    }

    /**
     * A part of this view under another name.
     *
     * @throws ObjectFormatException when the part is not inside
     */
    public ByteView slice(String part, long offset, long length) {
        if (offset < 0 || length < 0 || offset > size || length > size - offset) {
            throw new ObjectFormatException("%s: offset=%s, size=%s does not fit into %s of %d bytes"
                    .formatted(part, Long.toUnsignedString(offset), Long.toUnsignedString(length), name, size));
        }
        return new ByteView(part, bytes, start + (int) offset, (int) length);
    }

    /** The unsigned byte at an offset. */
    public int u8(long offset) {
        return Byte.toUnsignedInt(bytes[at(offset, 1)]);
    }

    /** The unsigned 16-bit number at an offset. */
    public int u16(long offset) {
        return Short.toUnsignedInt((short) SHORT.get(bytes, at(offset, Short.BYTES)));
    }

    /** The signed 16-bit number at an offset. */
    public short s16(long offset) {
        return (short) SHORT.get(bytes, at(offset, Short.BYTES));
    }

    /** The unsigned 32-bit number at an offset. */
    public long u32(long offset) {
        return Integer.toUnsignedLong(s32(offset));
    }

    /** The signed 32-bit number at an offset. */
    public int s32(long offset) {
        return (int) INT.get(bytes, at(offset, Integer.BYTES));
    }

    /** The 64-bit number at an offset; a reader that uses it as a size or an offset checks its sign by using it here. */
    public long s64(long offset) {
        return (long) LONG.get(bytes, at(offset, Long.BYTES));
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(bytes, start, start + size);
    }

    private int at(long offset, int length) {
        if (offset < 0 || offset > size - length) {
            throw new ObjectFormatException("%s: %d bytes at offset %s exceed its size of %d bytes"
                    .formatted(name, length, Long.toUnsignedString(offset), size));
        }
        return start + (int) offset;
    }
}

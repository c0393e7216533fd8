package io.vertebra.connectors.metrics;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Where one value lies in a key or value, little endian.
 *
 * @param offset bytes from the start
 * @param size 1, 2, 4 or 8 for a number, any for text
 * @param kind what the bytes are
 */
record Field(int offset, int size, Kind kind) {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final double TWO_POW_64 = 0x1p64;

    enum Kind {
        UNSIGNED,
        SIGNED,
        TEXT
    }

    /** The number's 64-bit pattern, extended as its kind says. */
    long bits(byte[] bytes) {
        var memory = MemorySegment.ofArray(bytes);
        boolean signed = kind == Kind.SIGNED;
        return switch (size) {
            case 1 -> signed ? memory.get(JAVA_BYTE, offset) : Byte.toUnsignedLong(memory.get(JAVA_BYTE, offset));
            case 2 -> signed ? memory.get(SHORT, offset) : Short.toUnsignedLong(memory.get(SHORT, offset));
            case 4 -> signed ? memory.get(INT, offset) : Integer.toUnsignedLong(memory.get(INT, offset));
            default -> memory.get(LONG, offset);
        };
    }

    /** The number as metrics have it; exact up to 2^53. */
    double number(byte[] bytes) {
        long bits = bits(bytes);
        return kind == Kind.UNSIGNED && bits < 0 ? bits + TWO_POW_64 : bits;
    }

    /** The number in decimal. */
    String decimal(byte[] bytes) {
        long bits = bits(bytes);
        return kind == Kind.SIGNED ? Long.toString(bits) : Long.toUnsignedString(bits);
    }

    /** The number in hexadecimal, as wide as the field: {@code 0x1f}. */
    String hex(byte[] bytes) {
        long bits = bits(bytes);
        return "0x" + Long.toHexString(size == Long.BYTES ? bits : bits & (1L << (8 * size)) - 1);
    }

    /** The bytes up to the first NUL. */
    String text(byte[] bytes) {
        int end = offset;
        while (end < offset + size && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, StandardCharsets.UTF_8);
    }
}

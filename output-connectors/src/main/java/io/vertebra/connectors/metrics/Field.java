package io.vertebra.connectors.metrics;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.netty.util.NetUtil;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Where one value lies in a key or value, little endian.
 *
 * @param offset bytes from the start
 * @param size 1, 2, 4 or 8 for a number, any for text
 * @param kind what the bytes are
 * @param names of values, by value; empty for any type but an enum
 */
record Field(int offset, int size, Kind kind, Map<Long, String> names) {

    /** Of a type that is no enum. */
    Field(int offset, int size, Kind kind) {
        this(offset, size, kind, Map.of());
    }

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final double TWO_POW_64 = 0x1p64;

    /** The same field with other names. */
    Field named(Map<Long, String> others) {
        return new Field(offset, size, kind, others);
    }

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

    /** The number in decimal, with a sign. */
    String signed(byte[] bytes) {
        long bits = bits(bytes);
        int unused = Long.SIZE - size * Byte.SIZE;
        return Long.toString(bits << unused >> unused);
    }

    /** The name of the number; {@code unknown:} and the number when it has none. */
    String name(byte[] bytes) {
        var name = names.get(bits(bytes));
        return name == null ? "unknown:" + decimal(bytes) : name;
    }

    /** The bytes as an IP address in network order; there are 4 or 16. */
    String address(byte[] bytes) {
        try {
            var address = InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + size));
            return NetUtil.toAddressString(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(size + " bytes are no IP address", e);
        }
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

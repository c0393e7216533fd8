package io.vertebra.runtime.firing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Stores what does not fit one word, strings and payloads, into words; byte k of the memory is bits 8(k % 8) to
 * 8(k % 8) + 7 of word k / 8, which is how little-endian codelets read it. Nothing here allocates, and
 * null counts as empty.
 */
public final class Words {

    private static final VarHandle BYTES_AS_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Words() {}

    /** The ordinal, -1 for null. */
    public static int ordinal(Enum<?> value) {
        return value == null ? -1 : value.ordinal();
    }

    /** A key made of text. */
    public static long key(CharSequence text) {
        if (text instanceof String s) {
            return s.hashCode();
        }
        int hash = 0;
        for (int i = 0; text != null && i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }

    /**
     * Stores {@code struct { u16 len; char s[capacity]; }}: the text as UTF-8, cut at a code point, zeros after it.
     *
     * @param words where
     * @param word index of the context's first word
     * @param offset bytes from there to {@code len}
     * @param text what, unpaired surrogates as {@code ?}
     * @param capacity bytes of {@code s}
     */
    public static void text(long[] words, int word, int offset, CharSequence text, int capacity) {
        long start = 8L * word + offset + 2;
        int used = 0;
        int length = text == null ? 0 : text.length();
        for (int i = 0; i < length; ) {
            int point = Character.codePointAt(text, i);
            i += Character.charCount(point);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                point = '?';
            }
            int bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (used + bytes > capacity) {
                break;
            }
            utf8(words, start + used, point, bytes);
            used += bytes;
        }
        for (int i = used; i < capacity; i++) {
            put(words, start + i, 0);
        }
        put(words, start - 2, used);
        put(words, start - 1, used >>> 8);
    }

    private static void utf8(long[] words, long at, int point, int bytes) {
        if (bytes == 1) {
            put(words, at, point);
            return;
        }
        int rest = point;
        for (int i = bytes - 1; i > 0; i--) {
            put(words, at + i, 0x80 | (rest & 0x3f));
            rest >>>= 6;
        }
        put(words, at, ((0xf00 >> bytes) & 0xf0) | rest);
    }

    private static void put(long[] words, long at, int value) {
        int index = (int) (at >> 3);
        int shift = (int) (at & 7) << 3;
        words[index] = (words[index] & ~(0xffL << shift)) | ((value & 0xffL) << shift);
    }

    /** Bytes of a payload. */
    public static int size(byte[] payload) {
        return payload == null ? 0 : payload.length;
    }

    /** Bytes of a payload: from the buffer's position to its limit. */
    public static int size(ByteBuffer payload) {
        return payload == null ? 0 : payload.remaining();
    }

    /** Bytes of a payload, at most {@code Integer.MAX_VALUE}. */
    public static int size(MemorySegment payload) {
        return payload == null ? 0 : (int) Math.min(Integer.MAX_VALUE, payload.byteSize());
    }

    /** Copies the first {@code length} bytes of a payload; the last word is filled with zeros. */
    public static void copy(long[] words, int word, int length, byte[] payload) {
        int whole = length >> 3;
        for (int i = 0; i < whole; i++) {
            words[word + i] = (long) BYTES_AS_LONG.get(payload, i << 3);
        }
        long last = 0;
        for (int i = length - 1; i >= whole << 3; i--) {
            last = (last << 8) | (payload[i] & 0xffL);
        }
        if ((length & 7) != 0) {
            words[word + whole] = last;
        }
    }

    /** Copies the first {@code length} bytes after the buffer's position, which stays. */
    public static void copy(long[] words, int word, int length, ByteBuffer payload) {
        if (length == 0) {
            return;
        }
        int start = payload.position();
        int whole = length >> 3;
        boolean big = payload.order() == ByteOrder.BIG_ENDIAN;
        for (int i = 0; i < whole; i++) {
            long value = payload.getLong(start + (i << 3));
            words[word + i] = big ? Long.reverseBytes(value) : value;
        }
        long last = 0;
        for (int i = length - 1; i >= whole << 3; i--) {
            last = (last << 8) | (payload.get(start + i) & 0xffL);
        }
        if ((length & 7) != 0) {
            words[word + whole] = last;
        }
    }

    /** Copies the first {@code length} bytes of a segment. */
    public static void copy(long[] words, int word, int length, MemorySegment payload) {
        int whole = length >> 3;
        for (int i = 0; i < whole; i++) {
            words[word + i] = payload.get(LONG, (long) i << 3);
        }
        long last = 0;
        for (int i = length - 1; i >= whole << 3; i--) {
            last = (last << 8) | (payload.get(ValueLayout.JAVA_BYTE, i) & 0xffL);
        }
        if ((length & 7) != 0) {
            words[word + whole] = last;
        }
    }
}

package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Memory in words of 8 bytes: layouts, sizes, and copies that never tear a word. Stateless. */
final class Words {

    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle ALIGNED =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    /** The longest array of {@code long} that a JVM surely allocates. */
    private static final int MOST_WORDS = Integer.MAX_VALUE - 8;

    private Words() {}

    /** Bytes rounded up to whole words. */
    static long stride(int bytes) {
        return (bytes + 7L) & -8L;
    }

    /** Zeroed memory for {@code count} values. */
    static long[] allocate(MapSpec spec, long count, long stride) {
        long words = Math.multiplyExact(count, stride / 8);
        if (words > MOST_WORDS) {
            throw new IllegalArgumentException("map `" + spec.name() + "`: max_entries=" + spec.maxEntries() + " needs "
                    + words * 8 + " bytes, allowed are " + MOST_WORDS * 8L);
        }
        return new long[(int) words];
    }

    /** A copy of {@code size} bytes at a multiple of 8, each whole word read at once. */
    static byte[] read(MemorySegment from, long offset, int size) {
        var to = new byte[size];
        var target = MemorySegment.ofArray(to);
        int whole = size & -8;
        for (int i = 0; i < whole; i += 8) {
            target.set(LONG, i, (long) ALIGNED.getOpaque(from, offset + i));
        }
        MemorySegment.copy(from, offset + whole, target, whole, size - whole);
        return to;
    }

    /** Word {@code index} of {@code size} bytes at any offset; bytes after the last are 0. */
    static long word(MemorySegment from, long offset, int size, int index) {
        int start = index * 8;
        if (start + 8 <= size) {
            return from.get(LONG, offset + start);
        }
        long word = 0;
        for (int i = start; i < size; i++) {
            word |= (from.get(ValueLayout.JAVA_BYTE, offset + i) & 0xffL) << (8 * (i - start));
        }
        return word;
    }
}

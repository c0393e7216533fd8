package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * LPM_TRIE: lookups from any thread without locks, updates and deletes one at a time. A key is a {@code u32} prefix
 * length in bits and data whose first bit is the highest of its first byte; a lookup gives the value of the longest
 * stored prefix of the key's first {@code prefixlen} bits.
 *
 * <p>Kept as a hash of prefixes, tried from the longest length in use to the shortest: one probe per length.
 */
public final class BpfLpmTrie extends BpfHash {

    private static final int LENGTH_BYTES = 4;
    private static final int LONGEST_DATA = 256;
    private static final long LOW_HALF = 0xffff_ffffL;

    /** {@code -ENOSPC}, which only this type gives when it is full. */
    private static final long ENOSPC = -28;

    private final int longest;

    /** How many prefixes there are of each length. */
    private final AtomicIntegerArray lengths;

    BpfLpmTrie(MapSpec spec) {
        super(checked(spec), 1, false);
        longest = (spec.keySize() - LENGTH_BYTES) * 8;
        lengths = new AtomicIntegerArray(longest + 1);
    }

    private static MapSpec checked(MapSpec spec) {
        if (spec.keySize() <= LENGTH_BYTES || spec.keySize() > LENGTH_BYTES + LONGEST_DATA) {
            throw Sizes.wrong(spec, "key_size=" + spec.keySize(), "[5, 260]: a 4-byte prefix length and data");
        }
        return spec;
    }

    @Override
    public long lookup(MemorySegment key, long keyOffset, int slot) {
        for (int length = prefixLength(key, keyOffset); length >= 0; length--) {
            if (lengths.get(length) > 0) {
                int entry = find(key, keyOffset, length);
                if (entry >= 0) {
                    return valueOffset(entry, slot);
                }
            }
        }
        return NOT_FOUND;
    }

    @Override
    public long update(MemorySegment key, long keyOffset, MemorySegment value, long valueOffset, long flags, int slot) {
        return tooLong(key, keyOffset) ? Errno.EINVAL : super.update(key, keyOffset, value, valueOffset, flags, slot);
    }

    @Override
    public long delete(MemorySegment key, long keyOffset, int slot) {
        return tooLong(key, keyOffset) ? Errno.EINVAL : super.delete(key, keyOffset, slot);
    }

    @Override
    int variantOf(MemorySegment key, long keyOffset, int slot) {
        return prefixLength(key, keyOffset);
    }

    @Override
    long keyWord(MemorySegment key, long keyOffset, int index, int prefix) {
        // In big-endian order the data is one string of bits; word 0 begins with the 32 bits of the prefix length.
        long word = Long.reverseBytes(super.keyWord(key, keyOffset, index, prefix));
        int kept = Math.clamp(prefix + 32L - index * 64L, 0, 64);
        long masked = kept == 0 ? 0 : word & (-1L << (64 - kept));
        return index == 0
                ? Long.reverseBytes(((long) Integer.reverseBytes(prefix) << 32) | (masked & LOW_HALF))
                : Long.reverseBytes(masked);
    }

    @Override
    long whenFull() {
        return ENOSPC;
    }

    @Override
    void counted(long firstKeyWord, int change) {
        lengths.addAndGet((int) firstKeyWord, change);
    }

    private boolean tooLong(MemorySegment key, long keyOffset) {
        return Integer.compareUnsigned(key.get(Words.INT, keyOffset), longest) > 0;
    }

    private int prefixLength(MemorySegment key, long keyOffset) {
        int length = key.get(Words.INT, keyOffset);
        return Integer.compareUnsigned(length, longest) > 0 ? longest : length;
    }
}

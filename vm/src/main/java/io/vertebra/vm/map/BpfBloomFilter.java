package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * BLOOM_FILTER: a set of values that answers "perhaps" or "certainly not"; any thread adds and asks without locks. Sized
 * for {@code max_entries} values with five hashes per value, the default of Linux (about 3% wrong answers when full).
 * Nothing can be removed or listed.
 */
public final class BpfBloomFilter extends BpfMap {

    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int HASHES = 5;
    private static final long MOST_BITS = 1L << 36;

    private final long[] bits;
    private final long mask;
    private final int valueWords;
    private final long seed = ThreadLocalRandom.current().nextLong();
    private final LongAdder pushes = new LongAdder();

    BpfBloomFilter(MapSpec spec) {
        super(spec);
        Sizes.entries(spec);
        Sizes.noKey(spec);
        Sizes.value(spec);
        long count = bits(spec);
        mask = count - 1;
        bits = new long[(int) (count / 64)];
        valueWords = (int) (Words.stride(spec.valueSize()) / 8);
    }

    /** How many bits there are. */
    static long bits(MapSpec spec) {
        // Bits per value for k hashes at half fill: k / ln 2, by 7 / 5 as Linux does.
        long wanted = Math.max(64, spec.maxEntries() * (HASHES * 7L / 5));
        return Math.min(MOST_BITS, Long.highestOneBit(wanted - 1) << 1);
    }

    /** Adds a value: 0, or {@link Errno#EINVAL} for flags. */
    public long push(MemorySegment value, long offset, long flags) {
        if (flags != ANY) {
            return Errno.EINVAL;
        }
        long hash = hash(value, offset);
        for (int i = 0; i < HASHES; i++) {
            long bit = bit(hash, i);
            WORDS.getAndBitwiseOr(bits, (int) (bit >>> 6), 1L << (bit & 63));
        }
        pushes.increment();
        return 0;
    }

    /** 0 when the value may have been added, {@link Errno#ENOENT} when it certainly was not. */
    public long peek(MemorySegment value, long offset) {
        long hash = hash(value, offset);
        for (int i = 0; i < HASHES; i++) {
            long bit = bit(hash, i);
            if (((long) WORDS.getOpaque(bits, (int) (bit >>> 6)) & (1L << (bit & 63))) == 0) {
                return Errno.ENOENT;
            }
        }
        return 0;
    }

    /** As {@link #push}: the key is empty. */
    @Override
    public long update(MemorySegment key, long keyOffset, MemorySegment value, long valueOffset, long flags, int slot) {
        return push(value, valueOffset, flags);
    }

    /** Whether a value may have been added. */
    public boolean mayContain(byte[] value) {
        if (value.length != spec().valueSize()) {
            throw Sizes.wrong(spec(), "value of " + value.length + " bytes", "value_size=" + spec().valueSize());
        }
        return peek(MemorySegment.ofArray(value), 0) == 0;
    }

    /** Always empty: a filter does not know its values. */
    @Override
    public List<byte[]> getPerSlot(byte[] key) {
        return List.of();
    }

    /** How often a value was added, repeated ones included. */
    @Override
    public long size() {
        return pushes.sum();
    }

    private long hash(MemorySegment value, long offset) {
        long hash = seed;
        for (int i = 0; i < valueWords; i++) {
            hash = (hash ^ Words.word(value, offset, spec().valueSize(), i)) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    /** Two halves of one hash make all others (Kirsch and Mitzenmacher). */
    private long bit(long hash, int index) {
        long second = (hash * 0xBF58476D1CE4E5B9L) | 1;
        long mixed = hash + index * second;
        return (mixed ^ (mixed >>> 32)) & mask;
    }
}

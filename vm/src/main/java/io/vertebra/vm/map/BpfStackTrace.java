package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * STACK_TRACE: call stacks, each stored once and known by a number; any thread stores and reads without locks. A value
 * has {@code value_size / 8} frames, the innermost first, zeros after the last; what a frame's number means is for whoever
 * stores it.
 *
 * <p>As in Linux the number is the place that the stack's hash gives among {@code max_entries}, rounded up to a power of
 * two: the same stack has the same number everywhere in the map, and two stacks may compete for one place. Codelets only
 * store (helper 27); the host resolves and removes.
 */
public final class BpfStackTrace extends BpfMap {

    /** Flag of {@link #put}: leave out so many innermost frames, 0 to 255. */
    public static final long SKIP_FIELD_MASK = 0xff;
    /** Flag of {@link #put}: the user's stack; there is no other here. */
    public static final long USER_STACK = 1 << 8;
    /** Flag of {@link #put}: take stacks with equal hashes for equal. */
    public static final long FAST_STACK_CMP = 1 << 9;
    /** Flag of {@link #put}: replace another stack that has the place. */
    public static final long REUSE_STACKID = 1 << 10;

    private static final long FLAGS = SKIP_FIELD_MASK | USER_STACK | FAST_STACK_CMP | REUSE_STACKID;

    /** The most frames of a stack, as in Linux. */
    private static final int DEEPEST = 127;

    private static final int LARGEST = 1 << 24;

    private record Stack(int hash, long[] frames) {}

    private final int depth;
    private final AtomicReferenceArray<Stack> places;

    BpfStackTrace(MapSpec spec) {
        super(spec);
        Sizes.entries(spec);
        if (spec.keySize() != 4) {
            throw Sizes.wrong(spec, "key_size=" + spec.keySize(), "4, the number of a stack");
        }
        if (spec.valueSize() < 8 || spec.valueSize() % 8 != 0 || spec.valueSize() > 8 * DEEPEST) {
            throw Sizes.wrong(
                    spec, "value_size=" + spec.valueSize(), "a multiple of 8 in [8, " + 8 * DEEPEST + "], 8 per frame");
        }
        if (spec.maxEntries() > LARGEST) {
            throw Sizes.wrong(spec, "max_entries=" + spec.maxEntries(), "[1, " + LARGEST + "]");
        }
        depth = spec.valueSize() / 8;
        places = new AtomicReferenceArray<>(places(spec));
    }

    private static int places(MapSpec spec) {
        return Integer.highestOneBit(2 * Math.min(spec.maxEntries(), LARGEST) - 1);
    }

    /** Bytes of memory when all places are taken. */
    static double bytes(MapSpec spec) {
        return places(spec) * (48.0 + spec.valueSize());
    }

    /**
     * Stores a stack, if it is not there, and gives its number. Allocates only for a stack that was not there.
     *
     * @param frames the innermost first; what is deeper than a value holds is cut; not kept
     * @param flags of the constants above
     * @return the number, or {@link Errno#EINVAL} for flags, {@link Errno#EFAULT} when no frame is left, {@link
     *     Errno#EEXIST} when another stack has the place and {@link #REUSE_STACKID} was not given
     */
    public long put(long[] frames, long flags) {
        if ((flags & ~FLAGS) != 0) {
            return Errno.EINVAL;
        }
        int from = (int) (flags & SKIP_FIELD_MASK);
        if (from >= frames.length) {
            return Errno.EFAULT;
        }
        int to = Math.min(frames.length, from + depth);
        int hash = hash(frames, from, to);
        int place = hash & (places.length() - 1);
        while (true) {
            var known = places.get(place);
            if (known != null && isSame(known, hash, frames, from, to, (flags & FAST_STACK_CMP) != 0)) {
                return place;
            }
            if (known != null && (flags & REUSE_STACKID) == 0) {
                return Errno.EEXIST;
            }
            if (places.compareAndSet(place, known, new Stack(hash, Arrays.copyOfRange(frames, from, to)))) {
                return place;
            }
        }
    }

    private static boolean isSame(Stack known, int hash, long[] frames, int from, int to, boolean byHash) {
        return known.hash == hash && (byHash || Arrays.equals(known.frames, 0, known.frames.length, frames, from, to));
    }

    private static int hash(long[] frames, int from, int to) {
        long hash = (long) to - from;
        for (int i = from; i < to; i++) {
            hash = (hash ^ frames[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return (int) ((hash * 0xBF58476D1CE4E5B9L) >>> 32);
    }

    /** The frames of a stack, innermost first; empty when the number stands for none. */
    public Optional<long[]> frames(long id) {
        var known = id >= 0 && id < places.length() ? places.get((int) id) : null;
        return known == null ? Optional.empty() : Optional.of(known.frames.clone());
    }

    @Override
    public long delete(MemorySegment key, long keyOffset) {
        int id = key.get(Words.INT, keyOffset);
        boolean existed = id >= 0 && id < places.length() && places.getAndSet(id, null) != null;
        return existed ? 0 : Errno.ENOENT;
    }

    @Override
    public List<byte[]> getPerSlot(byte[] key) {
        return frames(checkedKey(key).get(Words.INT, 0))
                .map(this::value)
                .map(List::of)
                .orElse(List.of());
    }

    @Override
    public void forEach(Visitor visitor) {
        for (int id = 0; id < places.length(); id++) {
            var known = places.get(id);
            if (known != null) {
                var key = new byte[4];
                MemorySegment.ofArray(key).set(Words.INT, 0, id);
                visitor.entry(key, List.of(value(known.frames)));
            }
        }
    }

    private byte[] value(long[] frames) {
        var value = new byte[spec().valueSize()];
        var target = MemorySegment.ofArray(value);
        for (int i = 0; i < frames.length; i++) {
            target.set(Words.LONG, 8L * i, frames[i]);
        }
        return value;
    }

    /** How many stacks there are. */
    @Override
    public long size() {
        long used = 0;
        for (int id = 0; id < places.length(); id++) {
            used += places.get(id) == null ? 0 : 1;
        }
        return used;
    }
}

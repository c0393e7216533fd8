package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * QUEUE and STACK: values without keys, pushed and popped from any thread, one operation at a time. An input channel is
 * a queue that the host pushes into and codelets pop from.
 */
public final class BpfQueue extends BpfMap {

    private final boolean newestFirst;
    private final int capacity;
    private final long stride;
    private final MemorySegment ring;
    private final Object lock = new Object();
    // Guarded by the lock: place of the oldest value, and how many there are.
    private int oldest;
    private int count;

    BpfQueue(MapSpec spec) {
        super(spec);
        Sizes.entries(spec);
        Sizes.noKey(spec);
        Sizes.value(spec);
        newestFirst = spec.type() == MapType.STACK;
        capacity = spec.maxEntries();
        stride = Words.stride(spec.valueSize());
        ring = MemorySegment.ofArray(Words.allocate(spec, capacity, stride));
    }

    /**
     * Adds a value: 0, {@link Errno#E2BIG} when full, {@link Errno#EINVAL} for flags other than {@link BpfMap#ANY} and
     * {@link BpfMap#EXIST}; the latter makes room by dropping the oldest value.
     */
    public long push(MemorySegment value, long offset, long flags) {
        if (flags != ANY && flags != EXIST) {
            return Errno.EINVAL;
        }
        synchronized (lock) {
            if (count == capacity) {
                if (flags != EXIST) {
                    return Errno.E2BIG;
                }
                oldest = wrapped(oldest + 1L);
                count--;
            }
            MemorySegment.copy(value, offset, ring, wrapped((long) oldest + count) * stride, spec().valueSize());
            count++;
            return 0;
        }
    }

    /** Removes the next value and copies it: 0, or {@link Errno#ENOENT} (and zeros) when there is none. */
    public long pop(MemorySegment to, long offset) {
        return take(to, offset, true);
    }

    /** Copies the next value: 0, or {@link Errno#ENOENT} (and zeros) when there is none. */
    public long peek(MemorySegment to, long offset) {
        return take(to, offset, false);
    }

    private long take(MemorySegment to, long offset, boolean remove) {
        synchronized (lock) {
            if (count == 0) {
                to.asSlice(offset, spec().valueSize()).fill((byte) 0);
                return Errno.ENOENT;
            }
            int place = newestFirst ? wrapped((long) oldest + count - 1) : oldest;
            MemorySegment.copy(ring, place * stride, to, offset, spec().valueSize());
            if (remove) {
                count--;
                oldest = newestFirst ? oldest : wrapped(oldest + 1L);
            }
            return 0;
        }
    }

    private int wrapped(long place) {
        return (int) (place < capacity ? place : place - capacity);
    }

    /** As {@link #push}: the key is empty. */
    @Override
    public long update(MemorySegment key, long keyOffset, MemorySegment value, long valueOffset, long flags, int slot) {
        return push(value, valueOffset, flags);
    }

    /** The next value, which stays; the key is empty. */
    @Override
    public List<byte[]> getPerSlot(byte[] key) {
        checkedKey(key);
        var value = new byte[spec().valueSize()];
        return peek(MemorySegment.ofArray(value), 0) == 0 ? List.of(value) : List.of();
    }

    /** Removes the next value and gives a copy of it. */
    public Optional<byte[]> pop() {
        var value = new byte[spec().valueSize()];
        return pop(MemorySegment.ofArray(value), 0) == 0 ? Optional.of(value) : Optional.empty();
    }

    /** Visits a copy of all values in the order in which they would be popped; the keys are empty. */
    @Override
    public void forEach(Visitor visitor) {
        byte[][] copies;
        synchronized (lock) {
            copies = new byte[count][];
            for (int i = 0; i < count; i++) {
                int place = wrapped((long) oldest + (newestFirst ? count - 1 - i : i));
                copies[i] = Words.read(ring, place * stride, spec().valueSize());
            }
        }
        for (var copy : copies) {
            visitor.entry(new byte[0], List.of(copy));
        }
    }

    @Override
    public long size() {
        synchronized (lock) {
            return count;
        }
    }
}

package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * QUEUE, STACK and JBPF_CONTROL_INPUT: values without keys, pushed and popped from any thread, one operation at a time. An
 * input channel is a queue that the host {@link #send}s into and codelets pop from; one of jbpf has room for some more
 * than {@code max_entries}, as jbpf's have: 255 for 100.
 */
public final class BpfQueue extends BpfMap {

    /** jbpf makes room for one more value for each thread, and has rings of a power of two, one place always empty. */
    private static final long FOR_THREADS = 32;

    private static final byte[] NO_KEY = new byte[0];

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
        capacity = capacity(spec);
        stride = Words.stride(spec.valueSize());
        ring = MemorySegment.ofArray(Words.allocate(spec, capacity, stride));
    }

    private static int capacity(MapSpec spec) {
        return spec.type() == MapType.JBPF_CONTROL_INPUT
                ? (int) Math.min(Integer.MAX_VALUE, Sizes.powerOfTwo(spec.maxEntries() + FOR_THREADS + 1) - 1)
                : spec.maxEntries();
    }

    /** Bytes of memory; sizes must be positive. */
    static double bytes(MapSpec spec) {
        return (double) capacity(spec) * Words.stride(spec.valueSize());
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
        return orZeros(take(to, offset, true), to, offset);
    }

    /** Copies the next value: 0, or {@link Errno#ENOENT} (and zeros) when there is none. */
    public long peek(MemorySegment to, long offset) {
        return orZeros(take(to, offset, false), to, offset);
    }

    /** As {@link #pop}, but when there is none, the memory keeps what it has. */
    public long receive(MemorySegment to, long offset) {
        return take(to, offset, true);
    }

    private long orZeros(long result, MemorySegment to, long offset) {
        if (result != 0) {
            to.asSlice(offset, spec().valueSize()).fill((byte) 0);
        }
        return result;
    }

    private long take(MemorySegment to, long offset, boolean remove) {
        synchronized (lock) {
            if (count == 0) {
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

    /**
     * Adds a copy of a value.
     *
     * @return whether there was room
     * @throws IllegalArgumentException when the value's length is wrong
     */
    public boolean send(byte[] value) {
        return update(NO_KEY, value, ANY) == 0;
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
            visitor.entry(NO_KEY, List.of(copy));
        }
    }

    @Override
    public long size() {
        synchronized (lock) {
            return count;
        }
    }
}

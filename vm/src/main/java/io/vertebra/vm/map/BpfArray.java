package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * ARRAY and PERCPU_ARRAY: any thread reads and writes values in place, without locks; an update that is longer than 8
 * bytes can be seen half done. Every index below {@code max_entries} exists from the start, zeroed, and none can be
 * deleted. Global data sections are arrays of one entry.
 *
 * <p>The index is the first four bytes of a key: Linux has no other bytes in it, jbpf has any.
 */
public final class BpfArray extends BpfMap {

    /** At least so many bytes lie between the copies of per-CPU values, so that cores do not share cache lines. */
    private static final long COPY_GAP = 128;

    private final MemorySegment values;
    private final long stride;
    private final long copyStride;
    private final int copies;
    private final int entries;

    BpfArray(MapSpec spec, int copies) {
        super(spec);
        Sizes.entries(spec);
        Sizes.value(spec);
        if (spec.keySize() < Integer.BYTES) {
            throw Sizes.wrong(spec, "key_size=" + spec.keySize(), "4 and more: the key begins with an index");
        }
        this.copies = copies;
        this.entries = spec.maxEntries();
        this.stride = Words.stride(spec.valueSize());
        long copy = entries * stride;
        this.copyStride = copies == 1 ? copy : copy + gap(stride);
        this.values = MemorySegment.ofArray(Words.allocate(spec, copies * (copyStride / 8), 8));
        if (spec.initial().length > copy) {
            throw new IllegalArgumentException("map `" + spec.name() + "`: first value of " + spec.initial().length
                    + " bytes, value_size=" + spec.valueSize());
        }
        opaque().copyRest(MemorySegment.ofArray(spec.initial()), 0, values, 0, spec.initial().length);
    }

    private static long gap(long stride) {
        return (COPY_GAP + stride - 1) / stride * stride;
    }

    /** Bytes of memory; the value's size must be positive. */
    static double bytes(MapSpec spec, int copies) {
        long stride = Words.stride(spec.valueSize());
        double copy = (double) spec.maxEntries() * stride;
        return copies == 1 ? copy : copies * (copy + gap(stride));
    }

    @Override
    public MemorySegment values() {
        return values;
    }

    @Override
    public long stride() {
        return stride;
    }

    @Override
    public int copies() {
        return copies;
    }

    @Override
    public long lookup(MemorySegment key, long keyOffset, int slot) {
        int index = key.get(Words.INT, keyOffset);
        return Integer.compareUnsigned(index, entries) < 0 ? valueOffset(index, slot) : NOT_FOUND;
    }

    @Override
    public long update(MemorySegment key, long keyOffset, MemorySegment value, long valueOffset, long flags, int slot) {
        if (!validUpdateFlags(flags)) {
            return Errno.EINVAL;
        }
        long target = lookup(key, keyOffset, slot);
        if (target < 0) {
            return Errno.E2BIG;
        }
        if ((flags & ~LOCK) == NOEXIST) {
            return Errno.EEXIST;
        }
        writeValue(value, valueOffset, target, flags);
        return 0;
    }

    @Override
    public int nextEntry(int entry) {
        return entry + 1 < entries ? entry + 1 : -1;
    }

    @Override
    public long valueOffset(int entry, int slot) {
        return copies == 1 ? entry * stride : Objects.checkIndex(slot, copies) * copyStride + entry * stride;
    }

    @Override
    public void copyKey(int entry, MemorySegment to, long offset) {
        to.asSlice(offset, spec().keySize()).fill((byte) 0).set(Words.INT, 0, entry);
    }

    @Override
    List<byte[]> copiesAt(long offset) {
        var all = new ArrayList<byte[]>(copies);
        for (int slot = 0; slot < copies; slot++) {
            all.add(readValue(offset + slot * copyStride));
        }
        return all;
    }

    @Override
    public long size() {
        return entries;
    }
}

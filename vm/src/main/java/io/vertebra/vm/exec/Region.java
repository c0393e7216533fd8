package io.vertebra.vm.exec;

import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.program.OpaqueMembers;
import java.lang.foreign.MemorySegment;

/**
 * What one region of the address space leads to: a part of a segment, with the accesses it allows. The regions of maps
 * are immutable and shared by all runs; an execution slot's own are placed anew for each run.
 */
final class Region {

    private static final MemorySegment NOTHING = MemorySegment.ofArray(new long[0]);

    final String name;
    /** Whether other threads can see the memory: atomics have to be real. */
    final boolean shared;
    /** The map whose object or values this is, or null. */
    final BpfMap map;
    /** The ring whose records this is, or null: only records that the run reserved may be accessed. */
    final BpfRingBuffer ring;

    /** Null while the region's bytes are still with their {@link #source}. */
    MemorySegment segment = NOTHING;
    /** Where in the segment offset 0 lies. */
    long base;
    /** Bytes that the region has. */
    long limit;

    private PayloadSource source;

    private boolean writable;
    /** Bytes from one value to the next, 0 when the region is one value. */
    private long stride;

    private long valueSize;

    /** What no access may touch in each value, or null. */
    private OpaqueMembers opaque;

    private Region(String name, boolean shared, BpfMap map, BpfRingBuffer ring) {
        this.name = name;
        this.shared = shared;
        this.map = map;
        this.ring = ring;
    }

    /** Memory of one execution slot, empty until it is placed. */
    static Region own(String name) {
        return new Region(name, false, null, null);
    }

    /** A map object: an address to be passed to helpers, no memory. */
    static Region object(BpfMap map) {
        return new Region("map `" + map.spec().name() + "`", true, map, null);
    }

    /** A map's values, or a ring's records. */
    static Region values(BpfMap map) {
        boolean isRing = map instanceof BpfRingBuffer;
        var region = new Region(
                (isRing ? "a reserved record of ring `" : "a value of map `")
                        + map.spec().name() + "`",
                true,
                map,
                isRing ? (BpfRingBuffer) map : null);
        region.place(map.values(), 0, map.values().byteSize(), isRing || map.writable());
        if (!isRing) {
            region.divide(map.stride(), map.spec().valueSize());
            region.opaque = map.opaque().isEmpty() ? null : map.opaque();
        }
        return region;
    }

    /** Leads into a part of a segment from now on, as one value. */
    @SuppressWarnings({"ReferenceEquality", "MemorySegmentReferenceEquality"}) // the very same need not be stored again
    void place(MemorySegment target, long offset, long length, boolean mayWrite) {
        if (segment != target) { // a store of a reference costs several times what this does
            segment = target;
        }
        base = offset;
        limit = length;
        writable = mayWrite;
        stride = 0;
        valueSize = length;
    }

    /** Leads to a source of so many bytes, which are placed when {@link #resolve} is called. */
    void place(PayloadSource from, int length, boolean mayWrite) {
        if (source == null) {
            source = from;
        }
        if (segment != null) {
            segment = null;
        }
        base = 0;
        limit = length;
        writable = mayWrite;
        stride = 0;
        valueSize = length;
    }

    /** This region, its bytes in {@link #segment}. */
    Region resolve() {
        if (segment == null) {
            segment = source.segment((int) limit, writable);
        }
        return this;
    }

    /** Divides the region into values: an access has to lie inside one. */
    void divide(long bytes, long size) {
        stride = bytes;
        valueSize = size;
    }

    /** Whether all bytes lie inside the region and inside one value, and may be accessed so. */
    boolean allows(long offset, long size, boolean write) {
        if (size < 0 || offset > limit - size || (write && !writable)) {
            return false;
        }
        return stride == 0
                || (inValue(offset) + size <= valueSize && (opaque == null || !opaque.touch(inValue(offset), size)));
    }

    /** Whether the lock of a value begins at the offset. */
    boolean isLock(long offset) {
        return opaque != null && offset < limit && inValue(offset) == opaque.lock();
    }

    /** Whether the timer of a value begins at the offset. */
    boolean isTimer(long offset) {
        return opaque != null && offset < limit && inValue(offset) == opaque.timer();
    }

    /** The offset of the value that an offset leads into. */
    long valueOffset(long offset) {
        return offset - inValue(offset);
    }

    private long inValue(long offset) {
        return (stride & (stride - 1)) == 0 ? offset & (stride - 1) : offset % stride;
    }

    /** Why {@link #allows} said no, after {@code ... offset=N, size=N}. */
    String refusal(long offset, long size, boolean write) {
        if (size < 0) {
            return "allowed are sizes of 0 and more";
        }
        if (limit == 0) {
            return map == null ? "it is empty" : "it is not memory, pass it to a helper";
        }
        if (write && !writable) {
            return "it is read-only";
        }
        if (stride == 0 || offset > limit - size) {
            return "allowed [0, " + limit + ")";
        }
        if (inValue(offset) + size <= valueSize) {
            return "it touches what belongs to the runtime" + opaque.described() + ", pass its address to a helper";
        }
        return "allowed [0, " + valueSize + ") of each " + stride + " bytes";
    }
}

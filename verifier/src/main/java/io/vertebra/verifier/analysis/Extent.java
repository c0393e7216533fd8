package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Value.Pointer;

/**
 * The offsets that an access through a pointer may have.
 *
 * @param least least offset of its first byte
 * @param most greatest offset of its first byte
 */
record Extent(long least, long most) {

    /** Distances beyond this are not followed, so that sums of them cannot overflow; regions lie that far apart. */
    private static final long FAR = 1L << 40;

    static Extent of(Pointer pointer, long offset) {
        // Sound because both parts are small when added, and "far" is outside every region.
        var range = pointer.variable().wide();
        long base = clamp(pointer.offset() + offset);
        return new Extent(base + clamp(range.smin()), base + clamp(range.smax()));
    }

    private static long clamp(long distance) {
        return Math.clamp(distance, -FAR, FAR);
    }

    boolean isExact() {
        return least == most;
    }

    /** Whether the pointer stays so near that its address cannot wrap around. */
    boolean isNear() {
        return least > -FAR / 2 && most < FAR / 2;
    }

    @Override
    public String toString() {
        if (!isNear()) {
            return "offset unbounded";
        }
        return isExact() ? "offset " + least : "offset [" + least + ", " + most + "]";
    }
}

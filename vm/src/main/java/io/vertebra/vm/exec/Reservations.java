package io.vertebra.vm.exec;

import io.vertebra.vm.map.BpfRingBuffer;
import java.util.Arrays;

/**
 * The ring buffer records that a run has reserved and not yet submitted or discarded. Not thread-safe; allocates only
 * when a run holds more records than any run before.
 */
final class Reservations {

    private BpfRingBuffer[] rings = new BpfRingBuffer[4];
    private long[] offsets = new long[4];
    private int count;

    void add(BpfRingBuffer ring, long offset) {
        if (count == rings.length) {
            rings = Arrays.copyOf(rings, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
        }
        rings[count] = ring;
        offsets[count++] = offset;
    }

    /** Forgets the record whose data begins at the offset; gives whether there was one. */
    boolean remove(BpfRingBuffer ring, long offset) {
        int at = indexOf(ring, offset);
        if (at >= 0) {
            count--;
            rings[at] = rings[count];
            offsets[at] = offsets[count];
            rings[count] = null;
        }
        return at >= 0;
    }

    /** Whether a record's data begins at the offset. */
    boolean holds(BpfRingBuffer ring, long offset) {
        return indexOf(ring, offset) >= 0;
    }

    /** Whether all bytes lie inside one record. */
    boolean cover(BpfRingBuffer ring, long offset, long size) {
        for (int i = 0; i < count; i++) {
            if (rings[i] == ring
                    && offset >= offsets[i]
                    && offset + size <= offsets[i] + ring.recordLength(offsets[i])) {
                return true;
            }
        }
        return false;
    }

    /** Gives back what is left at the end of a run. */
    void discardAll() {
        while (count > 0) {
            count--;
            rings[count].discard(offsets[count], 0);
            rings[count] = null;
        }
    }

    private int indexOf(BpfRingBuffer ring, long offset) {
        for (int i = 0; i < count; i++) {
            if (rings[i] == ring && offsets[i] == offset) {
                return i;
            }
        }
        return -1;
    }
}

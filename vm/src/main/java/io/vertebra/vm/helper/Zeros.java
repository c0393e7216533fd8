package io.vertebra.vm.helper;

import java.lang.foreign.MemorySegment;

/** Clears memory without making a slice of it: whether the compiler does without that object depends on all that has run. */
final class Zeros {

    private static final MemorySegment ZEROS =
            MemorySegment.ofArray(new byte[512]).asReadOnly();

    private Zeros() {}

    static void fill(MemorySegment memory, long offset, long size) {
        for (long done = 0; done < size; done += ZEROS.byteSize()) {
            MemorySegment.copy(ZEROS, 0, memory, offset + done, Math.min(ZEROS.byteSize(), size - done));
        }
    }
}

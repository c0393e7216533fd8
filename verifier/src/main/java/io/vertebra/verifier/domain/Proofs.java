package io.vertebra.verifier.domain;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * What comparisons with the payload's end told: for some indices, how many bytes after {@code data + index} surely
 * belong to the payload, as integers: {@code index + bytes <= data_end - data}. Index 0 is the number 0. Mutable; belongs
 * to one {@link State}.
 */
final class Proofs {

    /** Of an index nothing is known, not even that it is inside. */
    static final long NOTHING = Long.MIN_VALUE;

    private static final int[] NO_INDICES = new int[0];
    private static final long[] NO_BYTES = new long[0];
    private static final int FIRST = 4;

    private final long longest;

    private int[] indices = NO_INDICES;
    private long[] bytes = NO_BYTES;
    private int size;

    /** Without proofs, for payloads of at most so many bytes. */
    Proofs(long longest) {
        this.longest = longest;
    }

    /** Most bytes of a payload. */
    long longest() {
        return longest;
    }

    Proofs copy() {
        var copy = new Proofs(longest);
        if (size > 0) {
            copy.indices = Arrays.copyOf(indices, size);
            copy.bytes = Arrays.copyOf(bytes, size);
            copy.size = size;
        }
        return copy;
    }

    int size() {
        return size;
    }

    /** Bytes after an index that surely belong to the payload. */
    long of(int index) {
        for (int i = 0; i < size; i++) {
            if (indices[i] == index) {
                return bytes[i];
            }
        }
        // Sound because a payload has no negative length.
        return index == 0 ? 0 : NOTHING;
    }

    /** Notes a proof that says more than the one before. */
    void put(int index, long proven) {
        for (int i = 0; i < size; i++) {
            if (indices[i] == index) {
                bytes[i] = Math.max(bytes[i], proven);
                return;
            }
        }
        if (size == indices.length) {
            indices = Arrays.copyOf(indices, Math.max(FIRST, 2 * size));
            bytes = Arrays.copyOf(bytes, indices.length);
        }
        indices[size] = index;
        bytes[size++] = proven;
    }

    /** Keeps only what was proved in both. */
    void meet(Proofs other) {
        for (int i = 0; i < size; i++) {
            bytes[i] = Math.min(bytes[i], other.of(indices[i]));
        }
    }

    /** Forgets proofs of indices that nothing refers to. */
    void retain(IntPredicate used) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (used.test(indices[i])) {
                indices[kept] = indices[i];
                bytes[kept++] = bytes[i];
            }
        }
        size = kept;
    }
}

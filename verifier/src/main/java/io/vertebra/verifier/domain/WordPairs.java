package io.vertebra.verifier.domain;

import java.util.Arrays;

/**
 * Which word of one state is which word of another plus a constant; a handful of pairs, so that a list is the fastest
 * map. The word of id 0 is the number 0, so that it stands for constants.
 */
final class WordPairs {

    private static final int[] NO_IDS = new int[0];
    private static final long[] NO_SHIFTS = new long[0];
    private static final int FIRST = 8;
    /** Sums with shifts beyond this are not followed, so that they cannot overflow. */
    private static final long FAR = 1L << 42;

    private int[] ids = NO_IDS;
    private long[] shifts = NO_SHIFTS;
    private int size;
    /** Stands for a word that nothing else has to do with. */
    private int fresh = Integer.MIN_VALUE;

    /** Notes that word {@code a} is word {@code b + shift}; false if it is another one. */
    boolean match(int a, int b, long shift) {
        for (int i = 0; i < size; i++) {
            if (ids[2 * i] == a) {
                return ids[2 * i + 1] == b && shifts[i] == shift;
            }
        }
        if (size == shifts.length) {
            shifts = Arrays.copyOf(shifts, Math.max(FIRST, 2 * size));
            ids = Arrays.copyOf(ids, 2 * shifts.length);
        }
        ids[2 * size] = a;
        ids[2 * size + 1] = b;
        shifts[size++] = shift;
        return true;
    }

    /** Notes that word {@code a} is one that has no other relatives; false if it is another one. */
    boolean matchFresh(int a) {
        return match(a, fresh++, 0);
    }

    /**
     * Whether what the explored state has proved of its words is proved of their partners too.
     *
     * <p>Sound because {@code a + proven <= length} is {@code b + (shift + proven) <= length}.
     */
    boolean proofsHold(State explored, State other) {
        for (int i = 0; i < size; i++) {
            long needed = explored.proven(ids[2 * i]);
            boolean far = Math.abs(shifts[i]) > FAR;
            if (needed != Proofs.NOTHING && (far || other.proven(ids[2 * i + 1]) < needed + shifts[i])) {
                return false;
            }
        }
        return explored.proven(0) <= other.proven(0);
    }

    /**
     * Whether the words whose distances the explored state knows are as far apart in the other one, and sums of the same.
     *
     * <p>Sound because the distance of two words is that of their partners plus the difference of the shifts; a word
     * without a partner is one that nothing looks at.
     */
    boolean distancesHold(State explored, State other) {
        for (var distance : explored.distances().all()) {
            int sum = indexOf(distance.sum());
            int base = indexOf(distance.base());
            if (sum >= 0 && base >= 0 && !holds(distance, sum, base, other)) {
                return false;
            }
        }
        return true;
    }

    private boolean holds(Distances.Distance distance, int sum, int base, State other) {
        long shift = shifts[base] - shifts[sum];
        long actual = other.distance(ids[2 * base + 1], ids[2 * sum + 1]);
        if (Math.abs(shift) > FAR || actual == Distances.NOTHING || actual < distance.least() + shift) {
            return false;
        }
        int addend = distance.addend() == 0 ? -1 : indexOf(distance.addend());
        if (addend < 0) {
            return true;
        }
        long delta = distance.delta() + shift + shifts[addend];
        return Math.abs(shifts[addend]) <= FAR
                && ids[2 * sum + 1] != 0
                && other.sumOf(ids[2 * base + 1], ids[2 * addend + 1], delta) == ids[2 * sum + 1];
    }

    private int indexOf(int id) {
        for (int i = 0; i < size; i++) {
            if (ids[2 * i] == id) {
                return i;
            }
        }
        return -1;
    }
}

package io.vertebra.verifier.domain;

import java.util.Arrays;

/** Which id of one state stands for which id of another; a handful of pairs, so that a list is the fastest map. */
final class IdPairs {

    private static final int[] NONE = new int[0];
    private static final int FIRST = 8;

    private int[] pairs = NONE;
    private int end;

    /** Notes that {@code b} stands for {@code a} and for nothing else; false if that is not so. */
    boolean match(int a, int b) {
        for (int i = 0; i < end; i += 2) {
            if (pairs[i] == a || pairs[i + 1] == b) {
                return pairs[i] == a && pairs[i + 1] == b;
            }
        }
        if (end == pairs.length) {
            pairs = Arrays.copyOf(pairs, Math.max(FIRST, 2 * end));
        }
        pairs[end++] = a;
        pairs[end++] = b;
        return true;
    }
}

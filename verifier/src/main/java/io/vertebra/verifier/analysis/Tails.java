package io.vertebra.verifier.analysis;

import java.util.Arrays;

/**
 * The most instructions that a run executes after a place, by what ends the count: the end of the run (level 0), or the
 * return to the head of one of the loops that are proved as a whole around the place (level 1 is the outermost).
 * Immutable.
 */
final class Tails {

    /** Nothing ends so. */
    private static final long NEVER = -1;

    private final long[] most;

    private Tails(long... most) {
        this.most = most;
    }

    static Tails none() {
        return new Tails();
    }

    /** A run ends after so many instructions. */
    static Tails exit(long steps) {
        return new Tails(steps);
    }

    /** A run is back at the head of a loop after so many instructions. */
    static Tails back(int level, long steps) {
        var most = new long[level + 1];
        Arrays.fill(most, NEVER);
        most[level] = steps;
        return new Tails(most);
    }

    private long at(int level) {
        return level < most.length ? most[level] : NEVER;
    }

    /** Instructions until the run's end. */
    long toExit() {
        return Math.max(0, at(0));
    }

    /** Instructions until the run is back at a loop's head; 0 if it never is. */
    long toHead(int level) {
        return Math.max(0, at(level));
    }

    /** These and others. */
    Tails or(Tails other) {
        var result = new long[Math.max(most.length, other.most.length)];
        for (int level = 0; level < result.length; level++) {
            result[level] = Math.max(at(level), other.at(level));
        }
        return new Tails(result);
    }

    /** After so many instructions before them. */
    Tails after(long steps) {
        var result = most.clone();
        for (int level = 0; level < result.length; level++) {
            result[level] = result[level] == NEVER ? NEVER : saturated(result[level], steps);
        }
        return new Tails(result);
    }

    /** Without the loop of a level, the innermost one, whose head is followed by {@code whole}. */
    Tails closed(int level, Tails whole) {
        var outer = new Tails(Arrays.copyOf(most, Math.min(most.length, level)));
        return at(level) == NEVER ? outer : outer.or(whole.after(at(level)));
    }

    private static long saturated(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }
}

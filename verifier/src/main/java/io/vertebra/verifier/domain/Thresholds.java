package io.vertebra.verifier.domain;

import java.util.TreeSet;

/** Numbers at which a bound that moves from one iteration of a loop to the next may come to rest. Mutable. */
public final class Thresholds {

    /** Bounds beyond this are not tried: sums with them might overflow. */
    private static final long FAR = 1L << 62;

    private final TreeSet<Long> bounds = new TreeSet<>();

    /** Those that types and zero have. */
    public Thresholds() {
        add(0);
        bounds.add((long) Integer.MAX_VALUE);
        bounds.add((long) Integer.MIN_VALUE);
        bounds.add(Tnum.lowBits(Integer.SIZE));
    }

    /** A number that something is compared with. */
    public void add(long number) {
        if (number > -FAR && number < FAR) {
            bounds.add(number - 1);
            bounds.add(number);
            bounds.add(number + 1);
        }
    }

    /** The bounds of a number that are the same in two iterations. */
    void addCommon(Scalar a, Scalar b) {
        if (a.wide().smin() == b.wide().smin()) {
            add(a.wide().smin());
        }
        if (a.wide().smax() == b.wide().smax()) {
            add(a.wide().smax());
        }
    }

    /** The least bound that is not below a number. */
    long above(long number) {
        var bound = bounds.ceiling(number);
        return bound == null ? Long.MAX_VALUE : bound;
    }

    /** The greatest bound that is not above a number. */
    long below(long number) {
        var bound = bounds.floor(number);
        return bound == null ? Long.MIN_VALUE : bound;
    }
}

package io.vertebra.verifier.domain;

import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;

/** What two numbers must be when a comparison of them holds. */
public final class Comparison {

    private Comparison() {}

    /**
     * Both sides after learning that {@code left condition right} holds in a width; a side is empty when it cannot.
     *
     * @param left the left side
     * @param right the right side
     */
    public record Sides(Scalar left, Scalar right) {
        /** Whether the comparison cannot hold. */
        public boolean isEmpty() {
            return left.isEmpty() || right.isEmpty();
        }

        private Sides swapped() {
            return new Sides(right, left);
        }
    }

    /** What is known when {@code left condition right} is {@code holds}. */
    public static Sides assume(Width width, Condition condition, boolean holds, Scalar left, Scalar right) {
        if (condition == Condition.SET) {
            return holds ? someBitSet(width, left, right) : noBitSet(width, left, right);
        }
        var actual = holds ? condition : condition.negated();
        return switch (actual) {
            case EQ -> equal(width, left, right);
            case NE -> different(width, left, right);
            case GT -> less(width, right, left, 1).swapped();
            case GE -> less(width, right, left, 0).swapped();
            case LT -> less(width, left, right, 1);
            case LE -> less(width, left, right, 0);
            case SGT -> signedLess(width, right, left, 1).swapped();
            case SGE -> signedLess(width, right, left, 0).swapped();
            case SLT -> signedLess(width, left, right, 1);
            case SLE -> signedLess(width, left, right, 0);
            case SET -> throw new AssertionError();
        };
    }

    private static Sides equal(Width width, Scalar left, Scalar right) {
        var a = left.with(width, right.range(width));
        var b = right.with(width, left.range(width));
        return new Sides(
                a.isEmpty() ? a : a.with(width, right.bits(width)), b.isEmpty() ? b : b.with(width, left.bits(width)));
    }

    private static Sides different(Width width, Scalar left, Scalar right) {
        return new Sides(without(width, left, right), without(width, right, left));
    }

    /** Only a constant at an end of a range can be cut off. */
    private static Scalar without(Width width, Scalar scalar, Scalar other) {
        var range = scalar.range(width);
        var excluded = other.range(width);
        if (!excluded.isConstant()) {
            return scalar;
        }
        var full = Range.full(range.width());
        long smin = range.smin() == excluded.smin() ? range.smin() + 1 : range.smin();
        long smax = range.smax() == excluded.smin() ? range.smax() - 1 : range.smax();
        long umin = range.umin() == excluded.umin() ? range.umin() + 1 : range.umin();
        long umax = range.umax() == excluded.umin() ? range.umax() - 1 : range.umax();
        if (range.isConstant() && range.umin() == excluded.umin()) {
            return scalar.with(width, new Range(full.width(), 1, 0, 1, 0));
        }
        return scalar.with(width, new Range(full.width(), smin, smax, umin, umax));
    }

    private static Sides less(Width width, Scalar left, Scalar right, int gap) {
        var a = left.range(width);
        var b = right.range(width);
        if (gap == 1 && (b.umax() == 0 || a.umin() == Tnum.lowBits(a.width()))) {
            return none(width, left, right);
        }
        var full = Range.full(a.width());
        return new Sides(
                left.with(width, new Range(a.width(), full.smin(), full.smax(), 0, b.umax() - gap)),
                right.with(width, new Range(a.width(), full.smin(), full.smax(), a.umin() + gap, full.umax())));
    }

    private static Sides signedLess(Width width, Scalar left, Scalar right, int gap) {
        var a = left.range(width);
        var b = right.range(width);
        var full = Range.full(a.width());
        if (gap == 1 && (b.smax() == full.smin() || a.smin() == full.smax())) {
            return none(width, left, right);
        }
        return new Sides(
                left.with(width, new Range(a.width(), full.smin(), b.smax() - gap, 0, full.umax())),
                right.with(width, new Range(a.width(), a.smin() + gap, full.smax(), 0, full.umax())));
    }

    private static Sides none(Width width, Scalar left, Scalar right) {
        var empty = new Range(left.range(width).width(), 1, 0, 1, 0);
        return new Sides(left.with(width, empty), right);
    }

    private static Sides someBitSet(Width width, Scalar left, Scalar right) {
        var a = left.bits(width);
        var b = right.bits(width);
        if (((a.value() | a.mask()) & (b.value() | b.mask())) == 0) {
            return none(width, left, right);
        }
        if (b.isConstant() && Long.bitCount(b.value()) == 1) {
            // Sound because the only bit that is asked for must be set.
            return new Sides(left.with(width, new Tnum(b.value(), ~b.value() & allBits(left, width))), right);
        }
        return new Sides(left, right);
    }

    private static Sides noBitSet(Width width, Scalar left, Scalar right) {
        return new Sides(
                left.with(width, new Tnum(0, ~right.bits(width).value() & allBits(left, width))),
                right.with(width, new Tnum(0, ~left.bits(width).value() & allBits(left, width))));
    }

    private static long allBits(Scalar scalar, Width width) {
        return Tnum.lowBits(scalar.range(width).width());
    }
}

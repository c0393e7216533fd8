package io.vertebra.vm.jit;

/**
 * A value in a loop: {@code constant + invariant register + counter}, the last two if they are there.
 *
 * @param invariant the register, or {@link #NONE}
 * @param counted whether the loop's counter is added
 */
record Affine(long constant, int invariant, boolean counted) {

    static final int NONE = -1;

    static Affine constant(long value) {
        return new Affine(value, NONE, false);
    }

    static Affine register(int number) {
        return new Affine(0, number, false);
    }

    static Affine counter() {
        return new Affine(0, NONE, true);
    }

    boolean isConstant() {
        return invariant == NONE && !counted;
    }

    /** The sum, or null when that is not of this form. */
    Affine plus(Affine other) {
        if ((counted && other.counted) || (invariant != NONE && other.invariant != NONE)) {
            return null;
        }
        return new Affine(constant + other.constant, Math.max(invariant, other.invariant), counted || other.counted);
    }
}

package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Tnum;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Part;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Width;

/** What arithmetic on numbers does to their words: which results still have to do with which word. */
final class Numbers {

    private static final int HALF = 32;
    private static final long LOWER = Tnum.lowBits(HALF);

    private Numbers() {}

    /** The result of {@code a op b}. */
    static Number apply(AluOp op, Width width, Number a, Number b) {
        var result = a.scalar().apply(op, width, b.scalar());
        if (b.scalar().isConstant() && a.id() != 0) {
            return related(op, width, a, b.scalar().value(), result);
        }
        return op == AluOp.ADD && a.scalar().isConstant() && b.id() != 0
                ? related(op, width, b, a.scalar().value(), result)
                : Value.number(result);
    }

    /** Whether a result is the sum of two numbers as integers, and its word one that did not wrap around. */
    static boolean isSum(Width width, Number a, Number b, Number result) {
        boolean near = Pointers.isNear(a.scalar()) && Pointers.isNear(b.scalar());
        return near
                && (width == Width.W64
                        || (isWord(a.scalar())
                                && isWord(b.scalar())
                                && a.scalar().wide().umax() + b.scalar().wide().umax() <= LOWER))
                && !result.scalar().isConstant();
    }

    private static Number related(AluOp op, Width width, Number a, long by, Scalar result) {
        return switch (op) {
            case ADD -> moved(width, a, by, result);
            case SUB -> moved(width, a, -by, result);
            case LSH -> by == HALF && width == Width.W64 ? shifted(a, result) : Value.number(result);
            case RSH -> by == HALF && width == Width.W64 ? unshifted(a, result) : Value.number(result);
            // Sound because the sign extension of what is not negative is a zero extension.
            case ARSH ->
                by == HALF && width == Width.W64 && result.wide().smin() >= 0
                        ? unshifted(a, result)
                        : Value.number(result);
            case AND -> width == Width.W64 && by == LOWER ? lowOf(a) : Value.number(result);
            case MUL, DIV, SDIV, MOD, SMOD, OR, XOR, MOV -> Value.number(result);
        };
    }

    private static Number shifted(Number a, Scalar result) {
        return switch (a.part()) {
            case WHOLE -> a.as(isWord(a.scalar()) ? Part.SHIFTED_WHOLE : Part.SHIFTED_LOW, result);
            case LOW -> a.as(Part.SHIFTED_LOW, result);
            case SHIFTED_LOW, SHIFTED_WHOLE -> Value.number(result);
        };
    }

    private static Number unshifted(Number a, Scalar result) {
        return switch (a.part()) {
            case SHIFTED_WHOLE -> a.as(Part.WHOLE, result);
            case SHIFTED_LOW -> a.as(Part.LOW, result);
            case WHOLE, LOW -> Value.number(result);
        };
    }

    private static Number moved(Width width, Number a, long by, Scalar result) {
        return switch (a.part()) {
            // Sound because the lower half of a sum is the sum of the lower halves, modulo 2^32.
            case WHOLE -> a.moved(result, by, width == Width.W64 || !wraps(a, by) ? Part.WHOLE : Part.LOW);
            case LOW -> width == Width.W32 || !wraps(a, by) ? a.moved(result, by, Part.LOW) : Value.number(result);
            case SHIFTED_LOW, SHIFTED_WHOLE -> Value.number(result);
        };
    }

    /** Whether a number may leave the 32-bit range when a constant is added, or is not in it. */
    private static boolean wraps(Number number, long by) {
        var range = number.scalar().wide();
        return by != (int) by || !isWord(number.scalar()) || range.umax() + by > LOWER || range.umin() + by < 0;
    }

    /** The number in a register, after it was given a word if it has none and is not constant. */
    static Number named(State state, int register, Ids ids) {
        var number = (Number) state.register(register);
        if (number.id() == 0 && !number.scalar().isConstant()) {
            number = new Number(number.scalar(), ids.next());
            state.set(register, number);
        }
        return number;
    }

    /** The lower half of a number, as a 32-bit move gives it. */
    static Number lowOf(Number number) {
        if (isWord(number.scalar())) {
            return number;
        }
        var result = number.scalar().zeroExtended(HALF);
        return number.id() != 0 && number.isWhole() ? number.as(Part.LOW, result) : Value.number(result);
    }

    /** Whether a number is its own lower half. */
    static boolean isWord(Scalar scalar) {
        return Long.compareUnsigned(scalar.wide().umax(), LOWER) <= 0;
    }
}

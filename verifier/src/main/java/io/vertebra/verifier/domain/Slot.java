package io.vertebra.verifier.domain;

import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Eight aligned bytes of the stack. Either {@code whole} is what was stored there in one piece, or each byte is
 * described by itself, and each half may still be known as a number.
 *
 * @param whole what all eight bytes hold, or null
 * @param low the number in the first four bytes, or null
 * @param high the number in the last four bytes, or null
 * @param set a bit for each byte that holds initialised data
 * @param zero a bit for each byte that holds 0
 */
public record Slot(Value whole, Number low, Number high, int set, int zero) {

    /** Bytes of a slot. */
    public static final int SIZE = 8;

    private static final int HALF = 4;
    private static final int HALF_BITS = 32;
    private static final int ALL = 0xff;

    /** Nothing was stored here. */
    public static final Slot UNSET = new Slot(null, null, null, 0, 0);

    /** A slot that holds a value in all eight bytes. */
    public static Slot of(Value value) {
        return switch (value) {
            case Number number -> {
                boolean zero = number.scalar().isConstant() && number.scalar().value() == 0;
                yield new Slot(number, null, null, ALL, zero ? ALL : 0);
            }
            // Bytes of a pointer may not be read one by one, so they do not count as data.
            case Value.Pointer _, Value.MapReference _, Value.FunctionReference _, Value.Dynptr _ ->
                new Slot(value, null, null, 0, 0);
            case Value.Uninitialised _ -> UNSET;
        };
    }

    /** Whether some value that is known here passes a test. */
    boolean hasValue(Predicate<Value> which) {
        return (whole != null && which.test(whole))
                || (low != null && which.test(low))
                || (high != null && which.test(high));
    }

    /** This slot with the values that pass a test replaced; numbers by numbers. */
    Slot replace(Predicate<Value> which, UnaryOperator<Value> by) {
        if (whole != null) {
            return which.test(whole) ? of(by.apply(whole)) : this;
        }
        var newLow = low != null && which.test(low) ? (Number) by.apply(low) : low;
        var newHigh = high != null && which.test(high) ? (Number) by.apply(high) : high;
        return new Slot(null, newLow, newHigh, set, zero);
    }

    /** Whether nothing is known to be here. */
    boolean isUnset() {
        return whole == null && set == 0;
    }

    private static int bytes(int offset, int size) {
        return ((1 << size) - 1) << offset;
    }

    /** Whether all bytes of a part hold data. */
    public boolean isData(int offset, int size) {
        int asked = bytes(offset, size);
        return (set & asked) == asked;
    }

    /** Whether a pointer is stored here, or a part of a dynptr. */
    public boolean holdsPointer() {
        return whole != null && !(whole instanceof Number);
    }

    /** The number in a part of the slot; only for parts that are data. */
    public Number read(int offset, int size) {
        int asked = bytes(offset, size);
        if ((zero & asked) == asked) {
            return Value.number(Scalar.ZERO);
        }
        if (whole instanceof Number number) {
            return part(number, offset, size);
        }
        if (size == SIZE && low != null && high != null) {
            var upper = high.scalar().apply(AluOp.LSH, Width.W64, Scalar.constant(HALF_BITS));
            return Value.number(low.scalar().apply(AluOp.OR, Width.W64, upper));
        }
        if (low != null && offset + size <= HALF) {
            return part(low, offset, size);
        }
        if (high != null && offset >= HALF) {
            return part(high, offset - HALF, size);
        }
        return Value.number(Scalar.loaded(size, false));
    }

    private static Number part(Number number, int offset, int size) {
        int bits = size * Byte.SIZE;
        if (offset == 0 && Long.compareUnsigned(number.scalar().wide().umax(), Tnum.lowBits(bits)) <= 0) {
            return number;
        }
        var shifted = number.scalar().apply(AluOp.RSH, Width.W64, Scalar.constant((long) offset * Byte.SIZE));
        return Value.number(shifted.zeroExtended(bits));
    }

    /** This slot after a number was stored into a part of it. */
    public Slot write(int offset, int size, Number number) {
        if (size == SIZE) {
            return of(number);
        }
        int written = bytes(offset, size);
        var stored = part(number, 0, size);
        boolean nothing = stored.scalar().isConstant() && stored.scalar().value() == 0;
        Number newLow = (written & bytes(0, HALF)) == 0 ? half(0) : null;
        Number newHigh = (written & bytes(HALF, HALF)) == 0 ? half(HALF) : null;
        if (size == HALF && offset == 0) {
            newLow = stored;
        } else if (size == HALF && offset == HALF) {
            newHigh = stored;
        }
        return new Slot(null, newLow, newHigh, set | written, nothing ? zero | written : zero & ~written);
    }

    /** This slot after something was stored into a part of it that may not be read again. */
    public Slot erase(int offset, int size) {
        int erased = bytes(offset, size);
        var newLow = (erased & bytes(0, HALF)) == 0 ? half(0) : null;
        var newHigh = (erased & bytes(HALF, HALF)) == 0 ? half(HALF) : null;
        return new Slot(null, newLow, newHigh, set & ~erased, zero & ~erased);
    }

    private Number half(int offset) {
        return isData(offset, HALF) ? read(offset, HALF) : null;
    }

    /** This slot after something unknown was stored into a part of it. */
    public Slot overwrite(int offset, int size) {
        return write(offset, size, Value.number(Scalar.UNKNOWN));
    }

    /**
     * This slot after something unknown was stored into any part of it, or not.
     *
     * <p>Sound because bytes that were not data stay unreadable, the others are data with any content.
     */
    public Slot perhapsOverwritten() {
        return holdsPointer() ? UNSET : new Slot(null, null, null, set, 0);
    }
}

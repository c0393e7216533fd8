package io.vertebra.verifier.domain;

import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import java.util.function.IntSupplier;

/**
 * Makes one state of two that differ only in what registers and stacks hold, so that it covers both. What they do not
 * agree on becomes a range around both, then any number, then unusable.
 *
 * <p>Sound because each register and each byte of the result describes at least the values that either state has there,
 * and relations between places (ids) are kept only where both states have them.
 */
public final class Join {

    /** How much is given up where two states differ; each step less precise than the one before. */
    public enum Effort {
        /** A range around both numbers. */
        RANGE,
        /** Any number of 4 bytes, then any number. */
        WIDEN,
        /** Any number, and no pointer. */
        GIVE_UP
    }

    private final State result;
    private final Effort effort;
    private final IntSupplier ids;

    private Join(State result, Effort effort, IntSupplier ids) {
        this.result = result;
        this.effort = effort;
        this.ids = ids;
    }

    /**
     * A state that covers both.
     *
     * @param first whose calls and reservations are the same as those of {@code second}
     * @param ids gives ids that no value has
     */
    public static State of(State first, State second, Effort effort, IntSupplier ids) {
        var join = new Join(first.copy(), effort, ids);
        for (int f = 0; f < first.depth(); f++) {
            join.frame(join.result.frame(f), second.frame(f));
        }
        join.result.meetProofs(second);
        return join.result;
    }

    private void frame(Frame frame, Frame other) {
        for (int register = 0; register < frame.registers.length; register++) {
            frame.registers[register] = value(frame.registers[register], other.registers[register]);
        }
        for (int slot = 0; slot < Frame.STACK_SLOTS; slot++) {
            if (!frame.slot(slot).equals(other.slot(slot))) {
                frame.setSlot(slot, slot(frame.slot(slot), other.slot(slot)));
            }
        }
        frame.lowest = Math.min(frame.lowest, other.lowest);
    }

    private Value value(Value a, Value b) {
        if (a.equals(b)) {
            return a;
        }
        if (a instanceof Number m && b instanceof Number n) {
            return number(m, n);
        }
        if (effort == Effort.GIVE_UP) {
            return Value.UNINITIALISED;
        }
        if (a instanceof Pointer p && b instanceof Pointer q) {
            return pointer(p, q);
        }
        return a instanceof Number n ? nullable(n, b) : b instanceof Number n ? nullable(n, a) : Value.UNINITIALISED;
    }

    /** Null in one state and an object in the other: a pointer that may be null, without known copies. */
    private Value nullable(Number number, Value value) {
        boolean isNull = number.scalar().isConstant() && number.scalar().value() == 0;
        return isNull && value instanceof Pointer p && isFound(p.region())
                ? new Pointer(p.region(), p.offset(), p.variable(), ids.getAsInt(), p.index(), /* nullable= */ true)
                : Value.UNINITIALISED;
    }

    private static boolean isFound(Region region) {
        return region instanceof Region.MapValue || region instanceof Region.MapObject;
    }

    private Number number(Number a, Number b) {
        var around = around(a.scalar(), b.scalar());
        boolean related = a.id() == b.id() && a.delta() == b.delta() && a.part() == b.part();
        return related ? a.with(around) : Value.number(around);
    }

    private Scalar around(Scalar a, Scalar b) {
        if (a.covers(b)) {
            return a;
        }
        var hull = a.join(b);
        return switch (effort) {
            case RANGE -> hull;
            case WIDEN -> Scalar.loaded(isWord(a, hull) ? Integer.BYTES : Long.BYTES, false);
            case GIVE_UP -> Scalar.UNKNOWN;
        };
    }

    /** Whether there is hope that the number stays one of 4 bytes: it was not given up as such before. */
    private static boolean isWord(Scalar before, Scalar hull) {
        return Long.compareUnsigned(hull.wide().umax(), Tnum.lowBits(Integer.SIZE)) <= 0
                && !before.equals(Scalar.loaded(Integer.BYTES, false));
    }

    private Value pointer(Pointer a, Pointer b) {
        if (!a.region().equals(b.region())) {
            return Value.UNINITIALISED;
        }
        boolean sameObject = a.id() == b.id();
        boolean nullable = a.nullable() || b.nullable();
        if (a.offset() == b.offset() && a.variable().equals(b.variable())) {
            return new Pointer(
                    a.region(),
                    a.offset(),
                    a.variable(),
                    sameObject ? a.id() : ids.getAsInt(),
                    a.index() == b.index() ? a.index() : index(a.region()),
                    nullable);
        }
        if (nullable || a.region() instanceof Region.PayloadEnd || a.region() instanceof Region.Context) {
            return Value.UNINITIALISED;
        }
        var variable = around(a.distance(), b.distance());
        return new Pointer(
                a.region(),
                0,
                variable,
                sameObject ? a.id() : ids.getAsInt(),
                index(a.region()),
                /* nullable= */ false);
    }

    /** The index of a variable part that is another word than that of either state. */
    private int index(Region region) {
        return region instanceof Region.Payload ? ids.getAsInt() : 0;
    }

    private Slot slot(Slot a, Slot b) {
        if (a.whole() instanceof Number m && b.whole() instanceof Number n) {
            return Slot.of(number(m, n));
        }
        if (a.holdsPointer() || b.holdsPointer()) {
            return a.whole() != null && b.whole() != null ? Slot.of(value(a.whole(), b.whole())) : Slot.UNSET;
        }
        return new Slot(null, half(a, b, 0), half(a, b, Slot.SIZE / 2), a.set() & b.set(), a.zero() & b.zero());
    }

    private Number half(Slot a, Slot b, int offset) {
        int size = Slot.SIZE / 2;
        return a.isData(offset, size) && b.isData(offset, size)
                ? number(a.read(offset, size), b.read(offset, size))
                : null;
    }
}

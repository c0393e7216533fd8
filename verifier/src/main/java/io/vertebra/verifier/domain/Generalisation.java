package io.vertebra.verifier.domain;

import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import java.util.Optional;

/**
 * Makes a state less special where it differs from an explored one only in ranges of numbers, so that one exploration
 * serves both. Numbers that are constant in both and differ stay apart as long as there are not too many of them: they
 * count loops and select cases.
 *
 * <p>Sound because the result is the given state with some numbers replaced by ranges around them: it covers the state,
 * whatever the explored one is.
 */
public final class Generalisation {

    private final State result;
    private final boolean widen;
    private final boolean cases;
    private boolean changed;

    private Generalisation(State result, boolean cases, boolean widen) {
        this.result = result;
        this.cases = cases;
        this.widen = widen;
    }

    /**
     * A state that covers {@code state} and all numbers of {@code explored}; empty if the two are not similar.
     *
     * @param read for each frame, the stack slots that matter after {@code explored}
     * @param cases whether constants that differ stay apart
     * @param widen whether to give up the ranges of numbers that differ, so that this comes to an end
     */
    public static Optional<State> of(State explored, State state, long[] read, boolean cases, boolean widen) {
        if (!Subsumption.sameCalls(explored, state)) {
            return Optional.empty();
        }
        var generalisation = new Generalisation(state.copy(), cases, widen);
        for (int f = state.depth() - 1; f >= 0; f--) {
            if (!generalisation.frame(explored.frame(f), generalisation.result.frame(f), read[f])) {
                return Optional.empty();
            }
        }
        return generalisation.changed ? Optional.of(generalisation.result) : Optional.empty();
    }

    private boolean frame(Frame explored, Frame frame, long read) {
        for (int register = 0; register < frame.registers.length; register++) {
            var known = explored.register(register);
            var value = frame.register(register);
            if (known instanceof Value.Uninitialised) {
                continue;
            }
            if (known instanceof Number a && value instanceof Number b) {
                if (areCases(a, b)) {
                    return false;
                }
                frame.registers[register] = around(a, b);
            } else if (!similar(known, value)) {
                return false;
            }
        }
        for (long left = read; left != 0; left &= left - 1) {
            if (!slot(explored, frame, Long.numberOfTrailingZeros(left))) {
                return false;
            }
        }
        return true;
    }

    private boolean slot(Frame explored, Frame frame, int number) {
        var known = explored.slot(number);
        var slot = frame.slot(number);
        if (known.whole() instanceof Number a && slot.whole() instanceof Number b) {
            if (areCases(a, b)) {
                return false;
            }
            frame.setSlot(number, Slot.of(around(a, b)));
            return true;
        }
        return known.whole() == null || (slot.whole() != null && similar(known.whole(), slot.whole()));
    }

    private boolean areCases(Number a, Number b) {
        return cases
                && a.scalar().isConstant()
                && b.scalar().isConstant()
                && a.scalar().value() != b.scalar().value();
    }

    private Number around(Number a, Number b) {
        if (a.scalar().covers(b.scalar())) {
            return b;
        }
        changed = true;
        var hull = a.scalar().join(b.scalar());
        if (!widen) {
            return new Number(hull, 0);
        }
        boolean word = Long.compareUnsigned(hull.wide().umax(), Tnum.lowBits(Integer.SIZE)) <= 0;
        return new Number(Scalar.loaded(word ? Integer.BYTES : Long.BYTES, false), 0);
    }

    private static boolean similar(Value a, Value b) {
        if (a instanceof Pointer p && b instanceof Pointer q) {
            return p.region().equals(q.region()) && p.offset() == q.offset() && p.nullable() == q.nullable();
        }
        return a.equals(b);
    }
}

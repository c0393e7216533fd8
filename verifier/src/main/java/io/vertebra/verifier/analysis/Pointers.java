package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Part;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Width;

/** What arithmetic on pointers gives, and how the results relate to numbers. */
final class Pointers {

    /** Constants beyond this are not taken apart from the word they were added to. */
    private static final long FAR = 1L << 30;

    private final Ids ids;

    Pointers(Ids ids) {
        this.ids = ids;
    }

    /** A pointer plus a number. */
    Pointer moved(State state, Pointer p, Number by) {
        if (by.scalar().isConstant()) {
            long distance = by.scalar().value();
            return new Pointer(p.region(), p.offset() + distance, p.variable(), p.id(), p.index(), p.nullable());
        }
        boolean first =
                p.index() == 0 && p.variable().isConstant() && p.variable().value() == 0;
        if (first && by.id() == Number.LENGTH && by.isWhole() && p.region() instanceof Region.Payload) {
            return Value.pointer(new Region.PayloadEnd(), p.offset() + by.delta());
        }
        if (first && by.id() > 0 && by.isWhole() && Math.abs(by.delta()) <= FAR) {
            var word = by.scalar().plus(-by.delta());
            if (p.region() instanceof Region.Payload && isNear(word)) {
                // A word behind the beginning is so much behind it as it is itself.
                state.noteSum(by.id(), 0, by.id(), 0, word.wide().smin());
            }
            return new Pointer(p.region(), p.offset() + by.delta(), word, p.id(), by.id(), p.nullable());
        }
        var variable = p.variable().apply(AluOp.ADD, Width.W64, by.scalar());
        // Sound because what was proved of the old variable part says nothing of the new one: it is another word.
        if (by.isWhole() && by.id() > 0 && state.sumOf(p.index(), by.id(), by.delta()) != 0) {
            int same = state.sumOf(p.index(), by.id(), by.delta());
            return new Pointer(p.region(), p.offset(), variable, p.id(), same, p.nullable());
        }
        int index = p.region() instanceof Region.Payload ? ids.next() : 0;
        if (index != 0 && p.index() > 0 && isNear(p.variable()) && isNear(by.scalar())) {
            // Sound because numbers that near do not wrap around when added.
            int addend = by.id() > 0 && by.isWhole() ? by.id() : 0;
            state.noteSum(
                    index, p.index(), addend, by.delta(), by.scalar().wide().smin());
        }
        return new Pointer(p.region(), p.offset(), variable, p.id(), index, p.nullable());
    }

    /** Whether sums with the number cannot wrap around. */
    static boolean isNear(Scalar scalar) {
        return scalar.wide().smin() > -FAR && scalar.wide().smax() < FAR;
    }

    /** The distance of two pointers into one object; the payload's end belongs to the payload. */
    static Number difference(State state, Pointer a, Pointer b) {
        long offset = a.offset() - b.offset();
        if (isEnd(a) == isEnd(b) && a.index() == b.index() && (a.index() != 0 || bothFixed(a, b))) {
            // Sound because both have the same variable part.
            return Value.number(Scalar.constant(offset));
        }
        if (!Extent.of(a, 0).isNear() || !Extent.of(b, 0).isNear()) {
            return Value.number(Scalar.UNKNOWN);
        }
        if (isEnd(a)) {
            return rest(state, b, offset);
        }
        var distance = isEnd(b)
                ? a.distance().apply(AluOp.SUB, Width.W64, length(state).plus(b.offset()))
                : a.distance().apply(AluOp.SUB, Width.W64, b.distance());
        return a.index() != 0 && isFixed(b) && !isEnd(b)
                ? new Number(distance, a.index(), offset - b.variable().value(), Part.WHOLE)
                : Value.number(distance);
    }

    /** What is left of the payload behind a pointer, plus an offset; as an integer because the pointer is near. */
    private static Number rest(State state, Pointer from, long offset) {
        var left = length(state).apply(AluOp.SUB, Width.W64, from.variable());
        var known = left.intersect(Scalar.signed(state.proven(from.index()), Long.MAX_VALUE));
        return new Number(known.plus(offset), ~from.index(), offset, Part.WHOLE);
    }

    private static Scalar length(State state) {
        return Scalar.unsigned(state.proven(0), state.payloadMax());
    }

    private static boolean isEnd(Pointer pointer) {
        return pointer.region() instanceof Region.PayloadEnd;
    }

    private static boolean bothFixed(Pointer a, Pointer b) {
        return isFixed(a) && isFixed(b) && a.variable().value() == b.variable().value();
    }

    private static boolean isFixed(Pointer pointer) {
        return pointer.variable().isConstant();
    }
}

package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Comparison;
import io.vertebra.verifier.domain.Learning;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;

/**
 * What a state learns from comparing two pointers into one object. Sound because near pointers of an object are in the
 * order of their distances as signed integers: no address of a region is so low or so high that they could wrap around.
 */
final class PointerOrder {

    private PointerOrder() {}

    /** Adds what holds when {@code p holds q}; false if that cannot be. */
    static boolean assume(State state, Pointer p, Condition holds, Pointer q) {
        boolean near = Extent.of(p, 0).isNear() && Extent.of(q, 0).isNear();
        if (!near || holds == null || !(isSameObject(p, q) || (isPayload(p) && isPayload(q)))) {
            return true;
        }
        if (isEnd(p) == isEnd(q)) {
            return isEnd(p) ? decide(p, holds, q) : distances(state, p, holds, q);
        }
        return isEnd(q) ? end(state, p, holds, p.offset() - q.offset()) : assume(state, q, mirrored(holds), p);
    }

    private static boolean isPayload(Pointer pointer) {
        return pointer.region() instanceof Region.Payload || isEnd(pointer);
    }

    private static boolean isSameObject(Pointer p, Pointer q) {
        return p.region().equals(q.region()) && p.id() == q.id() && !p.nullable() && !q.nullable();
    }

    private static boolean isEnd(Pointer pointer) {
        return pointer.region() instanceof Region.PayloadEnd;
    }

    private static boolean decide(Pointer p, Condition holds, Pointer q) {
        return !Comparison.assume(
                        Width.W64, signed(holds), true, Scalar.constant(p.offset()), Scalar.constant(q.offset()))
                .isEmpty();
    }

    private static boolean distances(State state, Pointer p, Condition holds, Pointer q) {
        if (p.index() == q.index() && p.index() != 0) {
            // Sound because the variable parts are the same.
            return decide(p, holds, q);
        }
        var sides = Comparison.assume(Width.W64, signed(holds), true, p.distance(), q.distance());
        return !sides.isEmpty()
                && learn(state, p, sides.left())
                && learn(state, q, sides.right())
                && proofs(state, p, holds, q);
    }

    private static boolean learn(State state, Pointer pointer, Scalar distance) {
        return pointer.index() == 0 || Learning.word(state, pointer.index(), distance.plus(-pointer.offset()));
    }

    /** What is before a place in the payload that is inside, is inside too. */
    private static boolean proofs(State state, Pointer p, Condition holds, Pointer q) {
        if (!(p.region() instanceof Region.Payload)) {
            return true;
        }
        return switch (holds) {
            case LE -> before(state, p, q, 0);
            case LT -> before(state, p, q, 1);
            case GE -> before(state, q, p, 0);
            case GT -> before(state, q, p, 1);
            case EQ -> before(state, p, q, 0) && before(state, q, p, 0);
            case NE, SGT, SGE, SLT, SLE, SET -> true;
        };
    }

    private static boolean before(State state, Pointer p, Pointer q, int gap) {
        long proven = state.proven(q.index());
        // Sound because index(p) + offset(p) + gap <= index(q) + offset(q), and index(q) + proven <= length.
        return proven < -Integer.MAX_VALUE
                || Learning.payload(state, p.index(), p.offset() + gap - q.offset() + proven);
    }

    /** A pointer {@code index + offset} is compared with the end: which bytes are inside, or how many are left at most. */
    private static boolean end(State state, Pointer p, Condition holds, long offset) {
        return switch (holds) {
            case LE -> Learning.payload(state, p.index(), offset);
            case LT -> Learning.payload(state, p.index(), offset + 1);
            case GT -> atMost(state, p, offset - 1);
            case GE -> atMost(state, p, offset);
            case EQ -> Learning.payload(state, p.index(), offset) && atMost(state, p, offset);
            // Sound because what is known not to be behind the end, and is not at it, is before it.
            case NE -> state.proven(p.index()) < offset || Learning.payload(state, p.index(), offset + 1);
            case SGT, SGE, SLT, SLE, SET -> true;
        };
    }

    private static boolean atMost(State state, Pointer p, long left) {
        return left >= state.proven(p.index()) && Learning.word(state, ~p.index(), Scalar.signed(Long.MIN_VALUE, left));
    }

    private static Condition signed(Condition condition) {
        return switch (condition) {
            case GT -> Condition.SGT;
            case GE -> Condition.SGE;
            case LT -> Condition.SLT;
            case LE -> Condition.SLE;
            case EQ, NE, SGT, SGE, SLT, SLE, SET -> condition;
        };
    }

    static Condition mirrored(Condition condition) {
        return switch (condition) {
            case GT -> Condition.LT;
            case GE -> Condition.LE;
            case LT -> Condition.GT;
            case LE -> Condition.GE;
            case EQ, NE, SGT, SGE, SLT, SLE, SET -> condition;
        };
    }
}

package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Comparison;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.JumpIf;
import io.vertebra.vm.isa.Instruction.Register;

/** What a state learns on each edge of a conditional jump. */
final class Branches {

    private Branches() {}

    /** Adds what holds when the jump is taken, or is not; false if that cannot be. */
    static boolean assume(State state, JumpIf jump, boolean taken) {
        var left = state.register(jump.left());
        var right = switch (jump.right()) {
            case Register r -> state.register(r.number());
            case Immediate i -> Transformer.constant(i.value());
        };
        if (left instanceof Number a && right instanceof Number b) {
            return numbers(state, jump, taken, a, b);
        }
        var holds = taken ? jump.condition() : Comparison.negated(jump.condition());
        if (left instanceof Pointer p && right instanceof Number) {
            return compareWithNull(state, p, holds);
        }
        if (right instanceof Pointer p && left instanceof Number) {
            return compareWithNull(state, p, mirrored(holds));
        }
        if (left instanceof Pointer p && right instanceof Pointer q) {
            payload(state, p, holds, q);
            payload(state, q, mirrored(holds), p);
        }
        return true;
    }

    private static boolean numbers(State state, JumpIf jump, boolean taken, Number a, Number b) {
        var sides = Comparison.assume(jump.width(), jump.condition(), taken, a.scalar(), b.scalar());
        if (sides.isEmpty()) {
            return false;
        }
        learn(state, jump.left(), a, sides.left());
        if (jump.right() instanceof Register r && r.number() != jump.left()) {
            learn(state, r.number(), b, sides.right());
        }
        return true;
    }

    private static void learn(State state, int register, Number number, Scalar scalar) {
        if (scalar.equals(number.scalar())) {
            return;
        }
        if (number.id() == 0) {
            state.set(register, Value.number(scalar));
        } else {
            state.learnNumber(number.id(), scalar);
        }
    }

    /** What {@code pointer holds 0} tells, unsigned; false if it cannot hold. */
    private static boolean compareWithNull(State state, Pointer pointer, Condition holds) {
        return switch (holds) {
            case EQ, LE -> nullCheck(state, pointer, true);
            case NE, GT -> nullCheck(state, pointer, false);
            case LT -> false;
            case GE, SGT, SGE, SLT, SLE, SET -> true;
        };
    }

    private static boolean nullCheck(State state, Pointer pointer, boolean isNull) {
        if (pointer.nullable()) {
            state.learnNull(pointer.id(), isNull);
            return true;
        }
        // Sound because no region begins at 0; a payload may be absent, and a far pointer may have wrapped around.
        boolean never = switch (pointer.region()) {
            case Region.Payload _, Region.PayloadEnd _ -> false;
            case Region.Stack _,
                    Region.Context _,
                    Region.MapKey _,
                    Region.MapValue _,
                    Region.MapObject _,
                    Region.RingRecord _ -> Extent.of(pointer, 0).isNear();
        };
        return !(isNull && never);
    }

    /** Learns that bytes before the end of the payload may be accessed: {@code pointer holds end}. */
    private static void payload(State state, Pointer pointer, Condition holds, Pointer end) {
        if (!(pointer.region() instanceof Region.Payload) || !(end.region() instanceof Region.PayloadEnd)) {
            return;
        }
        var extent = Extent.of(pointer, 0);
        if (extent.least() < 0 || !extent.isNear() || pointer.variable().wide().smin() < 0) {
            // Sound because an address that wrapped around would compare as small.
            return;
        }
        switch (holds) {
            case LE, EQ -> state.learnPayload(pointer.id(), pointer.offset());
            case LT -> state.learnPayload(pointer.id(), pointer.offset() + 1);
            case NE, GT, GE, SGT, SGE, SLT, SLE, SET -> {}
        }
    }

    private static Condition mirrored(Condition condition) {
        return switch (condition) {
            case GT -> Condition.LT;
            case GE -> Condition.LE;
            case LT -> Condition.GT;
            case LE -> Condition.GE;
            case EQ, NE, SGT, SGE, SLT, SLE, SET -> condition;
        };
    }
}

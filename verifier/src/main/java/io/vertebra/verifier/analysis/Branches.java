package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Comparison;
import io.vertebra.verifier.domain.Learning;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Tnum;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.JumpIf;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;

/** What a state learns on each edge of a conditional jump. */
final class Branches {

    /** Numbers beyond this are not followed as integers, so that sums of them cannot overflow. */
    private static final long FAR = 1L << 40;

    private final Ids ids;

    Branches(Ids ids) {
        this.ids = ids;
    }

    /** Adds what holds when the jump is taken, or is not; false if that cannot be. */
    boolean assume(State state, JumpIf jump, boolean taken) {
        var left = state.register(jump.left());
        var right = operand(state, jump);
        if (left instanceof Number a && right instanceof Number b) {
            return numbers(state, jump, taken, a, b);
        }
        var holds = taken ? jump.condition() : jump.condition().negated();
        if (left instanceof Pointer p && right instanceof Number) {
            return compareWithNull(state, p, holds);
        }
        if (right instanceof Pointer p && left instanceof Number) {
            return compareWithNull(state, p, PointerOrder.mirrored(holds));
        }
        if (left instanceof Pointer p && right instanceof Pointer q) {
            return PointerOrder.assume(state, p, holds, q);
        }
        return true;
    }

    private static Value operand(State state, JumpIf jump) {
        return switch (jump.right()) {
            case Register r -> state.register(r.number());
            case Immediate i -> Transformer.constant(i.value());
        };
    }

    private boolean numbers(State state, JumpIf jump, boolean taken, Number a, Number b) {
        var sides = Comparison.assume(jump.width(), jump.condition(), taken, a.scalar(), b.scalar());
        if (sides.isEmpty() || !learn(state, jump.left(), a, sides.left())) {
            return false;
        }
        if (!(jump.right() instanceof Register r) || r.number() == jump.left()) {
            return true;
        }
        var holds = taken ? jump.condition() : jump.condition().negated();
        return learn(state, r.number(), b, sides.right())
                && (holds == null || order(state, jump.width(), jump.left(), holds, r.number()));
    }

    /** Notes what is known of the number in a register; false if that contradicts what is known of its relatives. */
    static boolean learn(State state, int register, Number number, Scalar scalar) {
        if (scalar.equals(number.scalar())) {
            return true;
        }
        if (number.id() != 0) {
            return Learning.number(state, number, scalar);
        }
        state.set(register, Value.number(scalar));
        return true;
    }

    /** Learns that a place in the payload is before another one that is inside: {@code left holds right}. */
    private boolean order(State state, Width width, int left, Condition holds, int right) {
        return switch (holds) {
            case LE -> atMost(state, limit(width, false), left, right, 0);
            case LT -> atMost(state, limit(width, false), left, right, 1);
            case GE -> atMost(state, limit(width, false), right, left, 0);
            case GT -> atMost(state, limit(width, false), right, left, 1);
            case SLE -> atMost(state, limit(width, true), left, right, 0);
            case SLT -> atMost(state, limit(width, true), left, right, 1);
            case SGE -> atMost(state, limit(width, true), right, left, 0);
            case SGT -> atMost(state, limit(width, true), right, left, 1);
            case EQ ->
                atMost(state, limit(width, true), left, right, 0) && atMost(state, limit(width, true), right, left, 0);
            case NE, SET -> true;
        };
    }

    /** The greatest number of which a comparison sees all, and in the order of integers. */
    private static long limit(Width width, boolean signed) {
        return width == Width.W64 ? FAR : Tnum.lowBits(signed ? Integer.SIZE - 1 : Integer.SIZE);
    }

    /** Learns that {@code less + gap <= greater}. */
    private boolean atMost(State state, long limit, int less, int greater, int gap) {
        var y = (Number) state.register(greater);
        boolean known = y.id() == Number.LENGTH || (y.id() > 0 && state.proven(y.id()) >= -FAR);
        if (!known || !y.isWhole() || !isWithin(y, limit) || !isWithin((Number) state.register(less), limit)) {
            return true;
        }
        var x = Numbers.named(state, less, ids);
        if (x.id() <= 0 || !x.isWhole()) {
            return true;
        }
        // Sound because both are integers that were compared as such, so that index + x.delta + gap <= y; and y is the
        // length + y.delta, or a word of which so many bytes more are inside, + y.delta.
        long more = y.id() == Number.LENGTH ? 0 : state.proven(y.id());
        return Learning.payload(state, x.id(), x.delta() + gap - y.delta() + more);
    }

    private static boolean isWithin(Number number, long limit) {
        var range = number.scalar().wide();
        return range.smin() >= 0 && range.smax() <= limit;
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
                    Region.RingRecord _,
                    Region.SampleDynptr _,
                    Region.Slice _ -> Extent.of(pointer, 0).isNear();
        };
        return !(isNull && never);
    }
}

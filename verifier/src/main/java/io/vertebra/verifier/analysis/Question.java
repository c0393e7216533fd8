package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Comparison;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.JumpIf;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.ArrayList;
import java.util.List;

/**
 * A comparison of a number with a constant by which it is told in two cases. What is asked decides how much the cases
 * help, never whether they are right: each number answers a comparison with yes or no.
 *
 * @param width the bits that are compared
 * @param condition one of LT, SLT, SET
 * @param constant what the number is compared with
 */
record Question(Width width, Condition condition, long constant) {

    /** Masks with more bits select ranges, not cases. */
    private static final int BITS = 4;

    /** What is known of a number when the answer is yes, or no; empty if that cannot be. */
    Scalar answered(boolean yes, Scalar number) {
        return Comparison.assume(width, condition, yes, number, Scalar.constant(constant))
                .left();
    }

    /** What a jump asks of its left side when the right side is a constant; nothing otherwise. */
    static List<Question> of(JumpIf jump) {
        if (!(jump.right() instanceof Immediate immediate)) {
            return List.of();
        }
        long constant = immediate.value();
        return switch (jump.condition()) {
            // All but one number are no range, so that both ends of that number are asked for.
            case EQ, NE ->
                List.of(
                        new Question(jump.width(), Condition.LT, constant),
                        new Question(jump.width(), Condition.LT, constant + 1));
            case SET -> bits(jump.width(), constant);
            case LT, GE -> List.of(new Question(jump.width(), Condition.LT, constant));
            case LE, GT -> List.of(new Question(jump.width(), Condition.LT, constant + 1));
            case SLT, SGE -> List.of(new Question(jump.width(), Condition.SLT, constant));
            case SLE, SGT -> List.of(new Question(jump.width(), Condition.SLT, constant + 1));
        };
    }

    /** Which of the bits of a mask are set, when they are few. */
    static List<Question> bits(Width width, long mask) {
        long compared = width == Width.W64 ? mask : mask & 0xffff_ffffL;
        var questions = new ArrayList<Question>();
        if (Long.bitCount(compared) <= BITS) {
            for (long left = compared; left != 0; left &= left - 1) {
                questions.add(new Question(width, Condition.SET, Long.lowestOneBit(left)));
            }
        }
        return questions;
    }

    /** What this asks of the operands when it is asked of a result; nothing where that cannot be told. */
    List<Question> before(Instruction maker) {
        return switch (maker) {
            case Instruction.Alu i
            when i.src() instanceof Immediate k ->
                before(i.op(), k.value()).stream().map(q -> q.in(i.width())).toList();
            // The sum is in question, so the same magnitude matters to both sides.
            case Instruction.Alu i when i.op() == AluOp.ADD || i.op() == AluOp.SUB -> List.of(in(i.width()));
            case Instruction.MoveSignExtended i -> List.of(in(i.width()));
            default -> List.of();
        };
    }

    private Question in(Width narrower) {
        return narrower == Width.W32 ? new Question(narrower, condition, constant) : this;
    }

    private Question at(long moved) {
        return new Question(width, condition, moved);
    }

    private List<Question> before(AluOp op, int k) {
        boolean bit = condition == Condition.SET;
        boolean shift = k > 0 && k < Long.SIZE;
        return switch (op) {
            case ADD -> bit ? List.of() : List.of(at(constant - k));
            case SUB -> bit ? List.of() : List.of(at(constant + k));
            case MUL -> bit || k <= 0 ? List.of() : List.of(at(Math.ceilDiv(constant, k)));
            case DIV, SDIV -> bit || k <= 0 ? List.of() : List.of(at(constant * k));
            case LSH -> !shift ? List.of() : List.of(at((constant + (1L << k) - 1) >>> k));
            case RSH, ARSH -> !shift ? List.of() : List.of(at(constant << k));
            case AND -> masked(k);
            case OR, XOR -> bit ? List.of(this) : List.of();
            case MOD, SMOD, MOV -> List.of();
        };
    }

    private List<Question> masked(long mask) {
        boolean lowest = (mask & (mask + 1)) == 0;
        return lowest || condition == Condition.SET ? List.of(this) : List.of();
    }
}

package io.vertebra.vm.jit;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Alu;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.isa.RegisterUse;

/**
 * What registers hold along the body of a loop, where that is {@link Affine}; such a register is not written in the fast
 * loop but computed where it is read.
 */
final class LoopValues {

    private static final int REGISTERS = 11;

    private final Affine[] values = new Affine[REGISTERS];

    /** At the loop's header: the counter, and the registers that the loop does not write. */
    LoopValues(int counter, int written) {
        for (int r = 0; r < REGISTERS; r++) {
            values[r] = r == counter ? Affine.counter() : (written & 1 << r) == 0 ? Affine.register(r) : null;
        }
    }

    /** What a register holds, or null. */
    Affine of(int register) {
        return values[register];
    }

    /** What an operand is, or null. */
    Affine of(Operand operand) {
        return switch (operand) {
            case Register r -> values[r.number()];
            case Immediate i -> Affine.constant(i.value());
        };
    }

    /** What an instruction computes, or null; of a narrow one only if no bit is lost: see {@link #isNarrow}. */
    Affine result(Instruction instruction) {
        return switch (instruction) {
            case Instruction.LoadImmediate i -> Affine.constant(i.value());
            case Alu i -> {
                var sum = sum(i);
                boolean widthMatters = i.width() == Width.W32 && sum != null && !sum.counted();
                yield !widthMatters ? sum : sum.isConstant() ? Affine.constant(sum.constant() & 0xffff_ffffL) : null;
            }
            default -> null;
        };
    }

    /** Whether a result, counted, is right only if it has at most 31 bits. */
    static boolean isNarrow(Instruction instruction) {
        return instruction instanceof Alu i && i.width() == Width.W32;
    }

    private Affine sum(Alu i) {
        var left = values[i.dst()];
        var right = of(i.src());
        return switch (i.op()) {
            case MOV -> right;
            case ADD -> left == null || right == null ? null : left.plus(right);
            case SUB ->
                left == null || right == null || !right.isConstant()
                        ? null
                        : left.plus(Affine.constant(-right.constant()));
            default -> null;
        };
    }

    /** Goes past an instruction. */
    void pass(Instruction instruction) {
        var result = result(instruction);
        int written = RegisterUse.written(instruction);
        for (int r = 0; r < REGISTERS; r++) {
            if ((written & 1 << r) != 0) {
                values[r] = result;
            }
        }
    }
}

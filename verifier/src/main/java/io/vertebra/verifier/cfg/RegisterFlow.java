package io.vertebra.verifier.cfg;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.RegisterUse;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Which registers matter before each instruction, as sets of bits: a backward data-flow analysis over all functions at
 * once. What a jump compares, what a helper or a function is given, and what a function gives back always matters.
 */
final class RegisterFlow {

    private static final int FRAME_POINTER = 10;

    private final List<Instruction> instructions;
    private final IntUnaryOperator helperArguments;
    private final Straight straight;
    private final int[] before;

    /** What matters before an instruction that neither jumps nor calls, by what matters after it. */
    private interface Straight {
        int before(Instruction instruction, int after);
    }

    private RegisterFlow(List<Instruction> instructions, IntUnaryOperator helperArguments, Straight straight) {
        this.instructions = instructions;
        this.helperArguments = helperArguments;
        this.straight = straight;
        before = new int[instructions.size()];
    }

    /** By slot, the registers that may be read from there on. */
    static int[] live(List<Instruction> instructions, IntUnaryOperator helperArguments) {
        return new RegisterFlow(instructions, helperArguments, RegisterFlow::used).solve();
    }

    /**
     * By slot, the registers whose number may decide what happens: it may become part of an address, of what is compared,
     * given, or kept on the stack. A number that is only summed up and stored elsewhere decides nothing.
     */
    static int[] deciding(List<Instruction> instructions, IntUnaryOperator helperArguments) {
        return new RegisterFlow(instructions, helperArguments, RegisterFlow::needed).solve();
    }

    private int[] solve() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int slot = before.length - 1; slot >= 0; slot--) {
                int now = at(slot);
                changed |= now != before[slot];
                before[slot] = now;
            }
        }
        return before;
    }

    private int at(int slot) {
        var instruction = instructions.get(slot);
        return switch (instruction) {
            case Instruction.WideTail _ -> 0;
            case Instruction.Exit _ -> RegisterUse.RESULT;
            case Instruction.Jump i -> before[slot + 1 + i.offset()];
            case Instruction.JumpIf i -> RegisterUse.read(i) | before[slot + 1 + i.offset()] | after(slot + 1);
            case Instruction.Call i ->
                (after(slot + 1) & ~RegisterUse.written(i)) | arguments(helperArguments.applyAsInt(i.helper()));
            case Instruction.CallLocal i ->
                (after(slot + 1) & ~RegisterUse.written(i)) | (before[slot + 1 + i.offset()] & RegisterUse.ARGUMENTS);
            default -> straight.before(instruction, after(slot + Instruction.size(instruction)));
        };
    }

    private int after(int slot) {
        return slot < before.length ? before[slot] : 0;
    }

    private static int arguments(int count) {
        return (1 << (count + 1)) - 2;
    }

    private static int used(Instruction instruction, int after) {
        return (after & ~RegisterUse.written(instruction)) | RegisterUse.read(instruction);
    }

    private static int needed(Instruction instruction, int after) {
        return switch (instruction) {
            case Instruction.Alu _, Instruction.MoveSignExtended _, Instruction.Negate _, Instruction.ByteSwap _ ->
                (after & RegisterUse.written(instruction)) == 0 ? after : used(instruction, after);
            case Instruction.Store i when i.base() != FRAME_POINTER -> after | 1 << i.base();
            case Instruction.Atomic i
            when i.base() != FRAME_POINTER -> (after & ~RegisterUse.written(i)) | 1 << i.base();
            default -> used(instruction, after);
        };
    }
}

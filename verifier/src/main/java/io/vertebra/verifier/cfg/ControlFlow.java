package io.vertebra.verifier.cfg;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.RegisterUse;
import io.vertebra.vm.program.Program;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * What is known of a well-formed program without running it: where paths meet, and which registers still matter at each
 * instruction (a backward data-flow analysis over all functions at once).
 */
public final class ControlFlow {

    private final List<Instruction> instructions;
    private final BitSet meetings = new BitSet();
    private final int[] live;
    /** By slot, the last jump backwards to it, -1 if there is none. */
    private final int[] ends;

    /**
     * The control flow of a program.
     *
     * @param program one without defects
     * @param helperArguments how many argument registers a helper reads, by its id
     */
    public ControlFlow(Program program, IntUnaryOperator helperArguments) {
        instructions = program.instructions();
        live = new int[instructions.size()];
        ends = new int[instructions.size()];
        Arrays.fill(ends, -1);
        for (int slot = 0; slot < live.length; slot++) {
            switch (instructions.get(slot)) {
                case Instruction.Jump i -> meeting(slot, slot + 1 + i.offset());
                case Instruction.JumpIf i -> meeting(slot, slot + 1 + i.offset());
                default -> {}
            }
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int slot = live.length - 1; slot >= 0; slot--) {
                int before = liveBefore(slot, helperArguments);
                changed |= before != live[slot];
                live[slot] = before;
            }
        }
    }

    private void meeting(int slot, int target) {
        meetings.set(target);
        if (target <= slot) {
            ends[target] = slot;
        }
    }

    /** Whether some jump leads backwards to the slot. */
    public boolean isLoopHead(int slot) {
        return ends[slot] >= 0;
    }

    /** The last slot that jumps back to the head of a loop. */
    public int loopEnd(int head) {
        return ends[head];
    }

    /** Whether the loop of one head is around another one. */
    public boolean isAround(int outer, int inner) {
        return outer < inner && inner <= ends[outer];
    }

    /** Whether some jump leads to the slot: every loop has such a slot. */
    public boolean pathsMeet(int slot) {
        return meetings.get(slot);
    }

    /** The registers that may be read after coming to the slot, as a set of bits. */
    public int liveAt(int slot) {
        return live[slot];
    }

    private int liveBefore(int slot, IntUnaryOperator helperArguments) {
        var instruction = instructions.get(slot);
        return switch (instruction) {
            case Instruction.WideTail _ -> 0;
            case Instruction.Exit _ -> RegisterUse.RESULT;
            case Instruction.Jump i -> live[slot + 1 + i.offset()];
            case Instruction.JumpIf i -> RegisterUse.read(i) | live[slot + 1 + i.offset()] | liveAfter(slot + 1);
            case Instruction.Call i ->
                (liveAfter(slot + 1) & ~RegisterUse.written(i)) | arguments(helperArguments.applyAsInt(i.helper()));
            case Instruction.CallLocal i ->
                (liveAfter(slot + 1) & ~RegisterUse.written(i)) | (live[slot + 1 + i.offset()] & RegisterUse.ARGUMENTS);
            default ->
                (liveAfter(slot + Instruction.size(instruction)) & ~RegisterUse.written(instruction))
                        | RegisterUse.read(instruction);
        };
    }

    private int liveAfter(int slot) {
        return slot < live.length ? live[slot] : 0;
    }

    private static int arguments(int count) {
        return (1 << (count + 1)) - 2;
    }
}

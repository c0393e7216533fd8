package io.vertebra.verifier.cfg;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.Program;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntUnaryOperator;

/**
 * What is known of a well-formed program without running it: where paths meet, and which registers, and which of their
 * numbers, still matter at each instruction.
 */
public final class ControlFlow {

    private final BitSet meetings = new BitSet();
    private final int[] live;
    private final int[] deciding;
    /** By slot, the last jump backwards to it, -1 if there is none. */
    private final int[] ends;

    /**
     * The control flow of a program.
     *
     * @param program one without defects
     * @param helperArguments how many argument registers a helper reads, by its id
     */
    public ControlFlow(Program program, IntUnaryOperator helperArguments) {
        var instructions = program.instructions();
        ends = new int[instructions.size()];
        Arrays.fill(ends, -1);
        for (int slot = 0; slot < instructions.size(); slot++) {
            switch (instructions.get(slot)) {
                case Instruction.Jump i -> meeting(slot, slot + 1 + i.offset());
                case Instruction.JumpIf i -> meeting(slot, slot + 1 + i.offset());
                default -> {}
            }
        }
        live = RegisterFlow.live(instructions, helperArguments);
        deciding = RegisterFlow.deciding(instructions, helperArguments);
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

    /**
     * The registers at the slot whose number may decide what happens later, as a set of bits. Forgetting the others only
     * makes a state more general.
     */
    public int decidingAt(int slot) {
        return deciding[slot];
    }
}

package io.vertebra.vm.jit;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.RegisterUse;
import io.vertebra.vm.program.Program;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;

/**
 * One function as the compiler sees it: the slots that it reaches without calls, where its jumps lead, and which registers
 * matter where. A function of a program that was not verified may run on into what follows it.
 */
final class FunctionCode {

    private final List<Instruction> code;
    private final int start;
    private final BitSet reached = new BitSet();
    private final BitSet targets = new BitSet();
    private final int[] live;

    FunctionCode(Program program, int start) {
        this.code = program.instructions();
        this.start = start;
        this.live = new int[code.size() + 1];
        reach();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int slot = reached.length() - 1; slot >= 0; slot = reached.previousSetBit(slot - 1)) {
                int before = liveBefore(slot);
                changed |= before != live[slot];
                live[slot] = before;
            }
        }
    }

    private void reach() {
        var open = new ArrayDeque<Integer>();
        open.push(start);
        while (!open.isEmpty()) {
            int slot = open.pop();
            while (slot < code.size() && !reached.get(slot)) {
                reached.set(slot);
                int next = slot + Instruction.size(code.get(slot));
                switch (code.get(slot)) {
                    case Instruction.Exit _ -> next = code.size();
                    case Instruction.Jump i -> {
                        next = slot + 1 + i.offset();
                        targets.set(next);
                    }
                    case Instruction.JumpIf i -> {
                        int target = slot + 1 + i.offset();
                        targets.set(target);
                        open.push(target);
                    }
                    default -> {}
                }
                slot = next;
            }
        }
    }

    private int liveBefore(int slot) {
        var instruction = code.get(slot);
        int after = instruction instanceof Instruction.Exit ? RegisterUse.RESULT : live[after(slot)];
        return switch (instruction) {
            case Instruction.Exit _ -> after;
            case Instruction.Jump i -> live[slot + 1 + i.offset()];
            case Instruction.JumpIf i -> after | live[slot + 1 + i.offset()] | RegisterUse.read(i);
            default -> (after & ~RegisterUse.written(instruction)) | RegisterUse.read(instruction);
        };
    }

    /** The slot after an instruction, at most the one after the last. */
    private int after(int slot) {
        return Math.min(slot + Instruction.size(code.get(slot)), code.size());
    }

    /** The first slot. */
    int start() {
        return start;
    }

    /** The slots that are executed, wide instructions by their first. */
    BitSet slots() {
        return reached;
    }

    /** Whether it reads the payload as legacy packet access does. */
    boolean hasPacketAccess() {
        return reached.stream().anyMatch(slot -> code.get(slot) instanceof Instruction.LoadPacket);
    }

    /** Whether some jump leads to a slot. */
    boolean isTarget(int slot) {
        return targets.get(slot);
    }

    /** The registers that may be read after coming to a slot, as a set of bits. */
    int liveAt(int slot) {
        return live[slot];
    }
}

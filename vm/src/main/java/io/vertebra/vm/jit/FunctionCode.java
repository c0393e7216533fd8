package io.vertebra.vm.jit;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.RegisterUse;
import io.vertebra.vm.program.Program;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One function as the compiler sees it: the slots that it reaches without calls, where its jumps lead, and which registers
 * matter where. A function of a program that was not verified may run on into what follows it.
 */
final class FunctionCode {

    private final List<Instruction> code;
    private final int start;
    /** The first slot that is reached; what follows is counted from it, for there may be thousands of functions. */
    private final int first;

    private final BitSet reached;
    private final BitSet targets;
    private final int[] live;

    FunctionCode(Program program, int start) {
        this.code = program.instructions();
        this.start = start;
        var all = new BitSet();
        var jumpedTo = new BitSet();
        reach(all, jumpedTo);
        this.first = all.nextSetBit(0);
        this.reached = all.get(first, all.length());
        this.targets = jumpedTo.get(first, Math.max(first, jumpedTo.length()));
        this.live = new int[reached.length() + 2];
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = reached.length() - 1; i >= 0; i = reached.previousSetBit(i - 1)) {
                int before = liveBefore(first + i);
                changed |= before != live[i];
                live[i] = before;
            }
        }
    }

    private void reach(BitSet all, BitSet jumpedTo) {
        var open = new ArrayDeque<Integer>();
        open.push(start);
        while (!open.isEmpty()) {
            int slot = open.pop();
            while (slot < code.size() && !all.get(slot)) {
                all.set(slot);
                int next = slot + Instruction.size(code.get(slot));
                switch (code.get(slot)) {
                    case Instruction.Exit _ -> next = code.size();
                    case Instruction.Jump i -> {
                        next = slot + 1 + i.offset();
                        jumpedTo.set(next);
                    }
                    case Instruction.JumpIf i -> {
                        int target = slot + 1 + i.offset();
                        jumpedTo.set(target);
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
        int after = instruction instanceof Instruction.Exit ? RegisterUse.RESULT : liveAt(after(slot));
        return switch (instruction) {
            case Instruction.Exit _ -> after;
            case Instruction.Jump i -> liveAt(slot + 1 + i.offset());
            case Instruction.JumpIf i -> after | liveAt(slot + 1 + i.offset()) | RegisterUse.read(i);
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

    /** The slots that are executed, in order, wide instructions by their first. */
    IntStream slots() {
        return reached.stream().map(i -> first + i);
    }

    /** How many slots are executed. */
    int count() {
        return reached.cardinality();
    }

    /** How many slots are executed in a range. */
    int count(int from, int to) {
        return reached.get(from - first, to - first).cardinality();
    }

    /** The first slot that is executed. */
    int first() {
        return first;
    }

    /** The slot after the last that is executed. */
    int end() {
        return first + reached.length();
    }

    /** The first slot from this one on that is executed, or -1. */
    int next(int slot) {
        int next = reached.nextSetBit(slot - first);
        return next < 0 ? -1 : first + next;
    }

    /** Whether it reads the payload as legacy packet access does. */
    boolean hasPacketAccess() {
        return slots().anyMatch(slot -> code.get(slot) instanceof Instruction.LoadPacket);
    }

    /** Whether some jump leads to a slot. */
    boolean isTarget(int slot) {
        return targets.get(slot - first);
    }

    /** The registers that may be read after coming to a slot, as a set of bits. */
    int liveAt(int slot) {
        return slot - first < live.length ? live[slot - first] : 0;
    }
}

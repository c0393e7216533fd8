package io.vertebra.vm.jit;

import io.vertebra.vm.isa.Instruction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of one function before code is written for it, and into which methods it goes: one, or several chunks with
 * a method that passes control from one to the next.
 */
final class CompiledFunction {

    private final Unit unit;
    private final FunctionCode code;
    private final Origins origins;
    private final StackSlots stackSlots;
    private final List<Chunk> chunks;
    private final Map<Chunk, Uses> uses = new HashMap<>();

    private CompiledFunction(Unit unit, FunctionCode code, Origins origins, StackSlots stackSlots, List<Chunk> chunks) {
        this.unit = unit;
        this.code = code;
        this.origins = origins;
        this.stackSlots = stackSlots;
        this.chunks = chunks;
    }

    /** A function in one method. */
    static CompiledFunction whole(Unit unit, int start) {
        var code = new FunctionCode(unit.program(), start);
        var origins = new Origins(unit.program(), code);
        var slots = unit.plan()
                .map(plan -> StackSlots.of(unit.program(), code, origins, plan))
                .orElseGet(StackSlots::none);
        return new CompiledFunction(unit, code, origins, slots, Chunk.whole(code));
    }

    /** This function in methods of at most {@code most} instructions; its stack stays in memory. */
    CompiledFunction divided(int most) {
        return new CompiledFunction(unit, code, origins, StackSlots.none(), Chunk.divide(code, most, loopsAcross()));
    }

    /** For each slot, how many jumps back go across the border before it. */
    private int[] loopsAcross() {
        var instructions = unit.program().instructions();
        int[] change = new int[instructions.size() + 2];
        code.slots().stream().forEach(slot -> {
            int offset = switch (instructions.get(slot)) {
                case Instruction.Jump i -> i.offset();
                case Instruction.JumpIf i -> i.offset();
                default -> 0;
            };
            if (offset < 0) {
                change[slot + 2 + offset]++;
                change[slot + 1]--;
            }
        });
        for (int slot = 1; slot < change.length; slot++) {
            change[slot] += change[slot - 1];
        }
        return change;
    }

    FunctionCode code() {
        return code;
    }

    Origins origins() {
        return origins;
    }

    StackSlots stackSlots() {
        return stackSlots;
    }

    List<Chunk> chunks() {
        return chunks;
    }

    boolean isWhole() {
        return chunks.size() == 1;
    }

    /** Whether another chunk, or the caller, goes to a slot. */
    boolean isEntry(int slot) {
        return chunks.stream().anyMatch(c -> c.contains(slot) && entries(c).contains(slot));
    }

    /** The slots at which a chunk is entered. */
    Set<Integer> entries(Chunk chunk) {
        var entries = new TreeSet<Integer>();
        if (chunk.contains(code.start())) {
            entries.add(code.start());
        }
        code.slots().stream().filter(slot -> !chunk.contains(slot)).forEach(slot -> {
            var instruction = unit.program().instructions().get(slot);
            switch (instruction) {
                case Instruction.Jump i -> add(entries, chunk, slot + 1 + i.offset());
                case Instruction.JumpIf i -> {
                    add(entries, chunk, slot + 1 + i.offset());
                    add(entries, chunk, slot + 1);
                }
                case Instruction.Exit _ -> {}
                default -> add(entries, chunk, slot + Instruction.size(instruction));
            }
        });
        return entries;
    }

    private static void add(Set<Integer> entries, Chunk chunk, int target) {
        if (chunk.contains(target)) {
            entries.add(target);
        }
    }

    /** The parameters of a chunk's method. */
    Signature signature(Chunk chunk) {
        return isWhole() ? unit.function(code.start()) : Signature.chunk(unit.direct());
    }

    /** What a chunk's code touches, as far as that is known. */
    Uses uses(Chunk chunk) {
        return uses.getOrDefault(chunk, Uses.all());
    }

    /** What a chunk's code touched when it was written. */
    void found(Chunk chunk, Uses touched) {
        uses.put(chunk, touched);
    }

    /** How much of the run its code touches. */
    RunUse run() {
        var most = chunks.stream().map(c -> uses(c).run).max(RunUse::compareTo).orElseThrow();
        return !isWhole() && most == RunUse.NONE ? RunUse.BRIEF : most;
    }

    /** Whether its code looks into maps that reuse memory. */
    boolean reads() {
        return chunks.stream().anyMatch(c -> uses(c).reads);
    }
}

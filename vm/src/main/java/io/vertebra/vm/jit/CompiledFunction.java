package io.vertebra.vm.jit;

import io.vertebra.vm.isa.Instruction;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known of one function before code is written for it, and into which methods it goes: one, or several chunks, each of
 * which calls the next or gives control back to a method that passes it on.
 */
final class CompiledFunction {

    /** Every link may be a frame on the thread's stack. */
    private static final int MOST_LINKS = 64;

    private final Unit unit;
    private final FunctionCode code;
    private final Origins origins;
    private final StackSlots stackSlots;
    private final List<Chunk> chunks;
    private final boolean linked;
    private final TreeMap<Integer, Chunk> starts = new TreeMap<>();
    private final BitSet entries;
    private final Map<Chunk, Uses> uses = new HashMap<>();

    private CompiledFunction(
            Unit unit, FunctionCode code, Origins origins, StackSlots stackSlots, List<Chunk> chunks, boolean linked) {
        this.unit = unit;
        this.code = code;
        this.origins = origins;
        this.stackSlots = stackSlots;
        this.chunks = chunks;
        this.linked = linked;
        chunks.forEach(chunk -> starts.put(chunk.from(), chunk));
        this.entries = findEntries();
    }

    /** A function in one method. */
    static CompiledFunction whole(Unit unit, int start) {
        var code = new FunctionCode(unit.program(), start);
        var origins = new Origins(unit.program(), code);
        var slots = unit.plan()
                .map(plan -> StackSlots.of(unit.program(), code, origins, plan))
                .orElseGet(StackSlots::none);
        return new CompiledFunction(unit, code, origins, slots, Chunk.whole(code), false);
    }

    /**
     * This function in methods of at most {@code most} instructions. If they only lead forward, each calls the next one;
     * otherwise they return to what passes control on, and the stack stays in memory.
     */
    CompiledFunction divided(int most) {
        var parts = Chunk.divide(code, most, loopsAcross());
        if (parts.size() <= MOST_LINKS && leadForward(parts)) {
            for (var slots : List.of(stackSlots, StackSlots.none())) {
                var linked = new CompiledFunction(unit, code, origins, slots, parts, true);
                if (linked.signature(parts.getFirst()).fits()) {
                    return linked;
                }
            }
        }
        return new CompiledFunction(unit, code, origins, StackSlots.none(), parts, false);
    }

    private boolean leadForward(List<Chunk> parts) {
        return code.slots().noneMatch(slot -> {
            int target = slot + 1 + offset(unit.program().instructions().get(slot));
            return target <= slot && parts.stream().noneMatch(part -> part.contains(slot) && part.contains(target));
        });
    }

    private static int offset(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Jump i -> i.offset();
            case Instruction.JumpIf i -> i.offset();
            default -> 0;
        };
    }

    /** For each slot from the first on, how many jumps back go across the border before it. */
    private int[] loopsAcross() {
        var instructions = unit.program().instructions();
        int[] change = new int[code.end() - code.first() + 2];
        code.slots().forEach(slot -> {
            int offset = offset(instructions.get(slot));
            if (offset < 0) {
                change[slot - code.first() + 2 + offset]++;
                change[slot - code.first() + 1]--;
            }
        });
        for (int i = 1; i < change.length; i++) {
            change[i] += change[i - 1];
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

    /** Whether each chunk calls the next one. */
    boolean isLinked() {
        return linked;
    }

    /** The chunk that a slot is in. */
    Chunk chunkOf(int slot) {
        return starts.floorEntry(slot).getValue();
    }

    boolean isWhole() {
        return chunks.size() == 1;
    }

    /** Whether another chunk, or the caller, goes to a slot. */
    boolean isEntry(int slot) {
        return entries.get(slot - code.first());
    }

    /** The slots at which a chunk is entered. */
    List<Integer> entries(Chunk chunk) {
        return entries.get(chunk.from() - code.first(), chunk.to() - code.first()).stream()
                .map(i -> chunk.from() + i)
                .boxed()
                .toList();
    }

    private BitSet findEntries() {
        var found = new BitSet();
        found.set(code.start() - code.first());
        code.slots().forEach(slot -> {
            var instruction = unit.program().instructions().get(slot);
            int next = slot + Instruction.size(instruction);
            switch (instruction) {
                case Instruction.Jump i -> enter(found, slot, slot + 1 + i.offset());
                case Instruction.JumpIf i -> {
                    enter(found, slot, slot + 1 + i.offset());
                    enter(found, slot, next);
                }
                case Instruction.Exit _ -> {}
                default -> enter(found, slot, next);
            }
        });
        return found;
    }

    private void enter(BitSet found, int from, int to) {
        if (!chunkOf(from).contains(to) && to < unit.program().instructions().size()) {
            found.set(to - code.first());
        }
    }

    /** The parameters of a chunk's method. */
    Signature signature(Chunk chunk) {
        if (isWhole()) {
            return unit.function(code.start());
        }
        return linked ? Signature.link(unit.direct(), stackSlots.all()) : Signature.chunk(unit.direct());
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
        return !isWhole() && !linked && most == RunUse.NONE ? RunUse.BRIEF : most;
    }

    /** Whether its code looks into maps that reuse memory. */
    boolean reads() {
        return chunks.stream().anyMatch(c -> uses(c).reads);
    }
}

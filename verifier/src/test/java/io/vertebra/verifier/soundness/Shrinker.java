package io.vertebra.verifier.soundness;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.Program.Function;
import java.util.ArrayList;
import java.util.Optional;

/** Leaves out of a counterexample what it does not need. */
final class Shrinker {

    private static final int[] CHUNKS = {16, 8, 4, 2, 1};

    private final Check check;

    /** A shrinker of what a check finds. */
    Shrinker(Check check) {
        this.check = check;
    }

    /** Looks for what goes wrong with a program, if it is accepted, and with fresh maps. */
    interface Check {
        /** What goes wrong, if something does. */
        Optional<Counterexample> check(Program program, Input input);
    }

    /** A program and an input with which an accepted program goes wrong. */
    record Failure(Program program, Input input, Counterexample what) {}

    /** What goes wrong with fresh maps, if something does. */
    Optional<Failure> failure(Program program, Input input) {
        return check.check(program, input).map(what -> new Failure(program, input, what));
    }

    /** The smallest failure that leaving out single things leads to. */
    Failure shrink(Failure failure) {
        var best = failure;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (int chunk : CHUNKS) {
                for (int slot = best.program().instructions().size() - chunk; slot >= 0; slot--) {
                    var next = without(best.program(), slot, slot + chunk);
                    var still = next.isEmpty() ? Optional.<Failure>empty() : failure(next.get(), best.input());
                    if (still.isPresent()) {
                        best = still.get();
                        smaller = true;
                        slot = Math.min(slot, best.program().instructions().size() - chunk + 1);
                    }
                }
            }
            for (var input : best.input().simpler()) {
                var still = failure(best.program(), input);
                if (still.isPresent()) {
                    best = still.get();
                }
            }
        }
        return best;
    }

    /** A program without the instructions of some slots; empty when they are part of a wide one. */
    private static Optional<Program> without(Program program, int first, int end) {
        var code = program.instructions();
        if (code.get(first) instanceof Instruction.WideTail
                || (end < code.size() && code.get(end) instanceof Instruction.WideTail)
                || end - first == code.size()) {
            return Optional.empty();
        }
        int[] moved = new int[code.size() + 1];
        for (int slot = 0; slot <= code.size(); slot++) {
            moved[slot] = slot <= first ? slot : slot < end ? first : slot - (end - first);
        }
        var kept = new ArrayList<Instruction>();
        for (int slot = 0; slot < code.size(); slot++) {
            if (slot < first || slot >= end) {
                kept.add(moved(code.get(slot), slot, moved));
            }
        }
        var functions = program.functions().stream()
                .map(f -> new Function(f.name(), moved[f.start()], moved[f.end()]))
                .filter(f -> f.end() > f.start())
                .toList();
        return Optional.of(
                new Program(program.name(), program.section(), kept, functions, program.maps(), program.lines()));
    }

    private static Instruction moved(Instruction instruction, int slot, int[] moved) {
        return switch (instruction) {
            case Instruction.Jump i -> new Instruction.Jump(distance(slot, i.offset(), moved));
            case Instruction.JumpIf i ->
                new Instruction.JumpIf(
                        i.width(), i.condition(), i.left(), i.right(), distance(slot, i.offset(), moved));
            case Instruction.CallLocal i -> new Instruction.CallLocal(distance(slot, i.offset(), moved));
            case Instruction.LoadFunction i -> new Instruction.LoadFunction(i.dst(), distance(slot, i.offset(), moved));
            default -> instruction;
        };
    }

    private static int distance(int slot, int offset, int[] moved) {
        return moved[slot + 1 + offset] - moved[slot] - 1;
    }
}

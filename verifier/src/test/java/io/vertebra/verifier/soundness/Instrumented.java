package io.vertebra.verifier.soundness;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.Program.Function;
import java.util.ArrayList;
import java.util.TreeMap;

/**
 * A program with a call of a probe before each instruction, so that every executor lets us look on without knowing it: a
 * call changes no register but r0, and the probe gives back what r0 held.
 *
 * @param program the program with probes
 * @param original by slot of that program: the slot of the original one
 * @param probed by slot of the original program: where its probe is
 */
record Instrumented(Program program, int[] original, int[] probed) {

    /** The number of the probe, which is no helper's. */
    static final int PROBE = 0x7f00_0000;

    static Instrumented of(Program program) {
        var code = program.instructions();
        int[] probed = new int[code.size() + 1];
        int end = 0;
        for (int slot = 0; slot < code.size(); slot++) {
            probed[slot] = end;
            end += code.get(slot) instanceof Instruction.WideTail ? 0 : 1 + Instruction.size(code.get(slot));
        }
        probed[code.size()] = end;
        var result = new ArrayList<Instruction>(end);
        int[] original = new int[end];
        for (int slot = 0; slot < code.size(); slot++) {
            if (code.get(slot) instanceof Instruction.WideTail) {
                continue;
            }
            original[result.size()] = slot;
            result.add(new Instruction.Call(PROBE));
            original[result.size()] = slot;
            result.add(moved(code.get(slot), slot, probed));
            if (Instruction.size(code.get(slot)) == 2) {
                original[result.size()] = slot;
                result.add(new Instruction.WideTail());
            }
        }
        var functions = program.functions().stream()
                .map(f -> new Function(f.name(), probed[f.start()], probed[f.end()]))
                .toList();
        return new Instrumented(
                new Program(program.name(), program.section(), result, functions, program.maps(), new TreeMap<>()),
                original,
                probed);
    }

    private static Instruction moved(Instruction instruction, int slot, int[] probed) {
        return switch (instruction) {
            case Instruction.Jump i -> new Instruction.Jump(distance(slot, i.offset(), probed));
            case Instruction.JumpIf i ->
                new Instruction.JumpIf(
                        i.width(), i.condition(), i.left(), i.right(), distance(slot, i.offset(), probed));
            case Instruction.CallLocal i -> new Instruction.CallLocal(distance(slot, i.offset(), probed));
            case Instruction.LoadFunction i ->
                new Instruction.LoadFunction(i.dst(), distance(slot, i.offset(), probed));
            default -> instruction;
        };
    }

    private static int distance(int slot, int offset, int[] probed) {
        return probed[slot + 1 + offset] - (probed[slot] + 2);
    }
}

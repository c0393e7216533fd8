package io.vertebra.verifier;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.Program.Function;
import io.vertebra.vm.program.SourceLine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** Writes programs for tests: one method per instruction, jumps and calls to labels. */
final class Code {

    private final List<IntFunction<Instruction>> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Integer> starts = new ArrayList<>(List.of(0));
    private final List<String> names = new ArrayList<>(List.of("main"));
    private final List<MapSpec> maps = new ArrayList<>();
    private final TreeMap<Integer, SourceLine> lines = new TreeMap<>();

    static Register r(int number) {
        return new Register(number);
    }

    private static Operand operand(Object value) {
        return value instanceof Integer i ? new Immediate(i) : (Operand) value;
    }

    Code maps(MapSpec... specs) {
        maps.addAll(List.of(specs));
        return this;
    }

    Code line(int number, String text) {
        lines.put(instructions.size(), new SourceLine("test.bpf.c", number, 1, text));
        return this;
    }

    Code label(String name) {
        labels.put(name, instructions.size());
        return this;
    }

    /** Begins a subprogram. */
    Code function(String name) {
        starts.add(instructions.size());
        names.add(name);
        return label(name);
    }

    Code add(Instruction instruction) {
        instructions.add(_ -> instruction);
        return this;
    }

    private Code wide(IntFunction<Instruction> instruction) {
        instructions.add(instruction);
        return add(new Instruction.WideTail());
    }

    Code alu(AluOp op, int dst, Object src) {
        return add(new Instruction.Alu(Width.W64, op, dst, operand(src)));
    }

    Code alu32(AluOp op, int dst, Object src) {
        return add(new Instruction.Alu(Width.W32, op, dst, operand(src)));
    }

    Code mov(int dst, Object src) {
        return alu(AluOp.MOV, dst, src);
    }

    Code plus(int dst, Object src) {
        return alu(AluOp.ADD, dst, src);
    }

    Code load(AccessSize size, int dst, int base, int offset) {
        return add(new Instruction.Load(size, false, dst, base, offset));
    }

    Code store(AccessSize size, int base, int offset, Object src) {
        return add(new Instruction.Store(size, base, offset, operand(src)));
    }

    Code atomicAdd(AccessSize size, int base, int offset, int src) {
        return add(new Instruction.Atomic(size, AtomicOp.ADD, false, base, offset, src));
    }

    Code map(int dst, int map) {
        return wide(_ -> new Instruction.LoadMap(dst, map));
    }

    Code mapValue(int dst, int map, int offset) {
        return wide(_ -> new Instruction.LoadMapValue(dst, map, offset));
    }

    /** Loads the address of a function. */
    Code functionAddress(int dst, String function) {
        return wide(slot -> new Instruction.LoadFunction(dst, labels.get(function) - slot - 1));
    }

    Code constant(int dst, long value) {
        return wide(_ -> new Instruction.LoadImmediate(dst, value));
    }

    Code call(int helper) {
        return add(new Instruction.Call(helper));
    }

    Code exit() {
        return add(new Instruction.Exit());
    }

    Code result(int value) {
        return mov(0, value).exit();
    }

    Code jump(String label) {
        instructions.add(slot -> new Instruction.Jump(labels.get(label) - slot - 1));
        return this;
    }

    Code jumpIf(int left, Condition condition, Object right, String label) {
        return jumpIf(Width.W64, left, condition, right, label);
    }

    Code jumpIf(Width width, int left, Condition condition, Object right, String label) {
        instructions.add(
                slot -> new Instruction.JumpIf(width, condition, left, operand(right), labels.get(label) - slot - 1));
        return this;
    }

    Code callLocal(String function) {
        instructions.add(slot -> new Instruction.CallLocal(labels.get(function) - slot - 1));
        return this;
    }

    /** Looks up the 4-byte key 0 in a map: r0 is a pointer to its value, maybe null. */
    Code lookup(int map) {
        return store(AccessSize.WORD, 10, -4, 0)
                .map(1, map)
                .mov(2, r(10))
                .plus(2, -4)
                .call(1);
    }

    /** How many slots there are so far. */
    int slots() {
        return instructions.size();
    }

    Program build() {
        var code = new ArrayList<Instruction>();
        for (int slot = 0; slot < instructions.size(); slot++) {
            code.add(instructions.get(slot).apply(slot));
        }
        var functions = new ArrayList<Function>();
        for (int i = 0; i < starts.size(); i++) {
            int end = i + 1 < starts.size() ? starts.get(i + 1) : code.size();
            functions.add(new Function(names.get(i), starts.get(i), end));
        }
        return new Program("main", "hook/test/event", code, functions, maps, lines);
    }
}

package io.vertebra.vm.exec;

import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** Programs written by hand, with labels; wide instructions get their second slot. */
public final class Code {

    private static final long STEPS = 1_000_000;

    private record Use(int slot, String label, IntFunction<Instruction> instruction) {}

    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Integer> functionStarts = new ArrayList<>(List.of(0));
    private final List<Use> uses = new ArrayList<>();
    private final List<BpfMap> maps;

    private Code(BpfMap... maps) {
        this.maps = List.of(maps);
    }

    public static Code code(BpfMap... maps) {
        return new Code(maps);
    }

    public Code add(Instruction instruction) {
        instructions.add(instruction);
        if (instruction instanceof Instruction.LoadImmediate
                || instruction instanceof Instruction.LoadMap
                || instruction instanceof Instruction.LoadMapValue
                || instruction instanceof Instruction.LoadFunction) {
            instructions.add(new Instruction.WideTail());
        }
        return this;
    }

    private Code use(String label, IntFunction<Instruction> instruction) {
        uses.add(new Use(instructions.size(), label, instruction));
        return add(instruction.apply(0));
    }

    public Code label(String name) {
        labels.put(name, instructions.size());
        return this;
    }

    /** A label where a subprogram starts. */
    public Code function(String name) {
        functionStarts.add(instructions.size());
        return label(name);
    }

    public static Operand imm(int value) {
        return new Immediate(value);
    }

    public static Operand reg(int number) {
        return new Register(number);
    }

    public Code alu(AluOp op, int dst, Operand src) {
        return add(new Instruction.Alu(Width.W64, op, dst, src));
    }

    public Code alu32(AluOp op, int dst, Operand src) {
        return add(new Instruction.Alu(Width.W32, op, dst, src));
    }

    public Code mov(int dst, int value) {
        return alu(AluOp.MOV, dst, imm(value));
    }

    public Code movReg(int dst, int src) {
        return alu(AluOp.MOV, dst, reg(src));
    }

    public Code wide(int dst, long value) {
        return add(new Instruction.LoadImmediate(dst, value));
    }

    public Code map(int dst, int map) {
        return add(new Instruction.LoadMap(dst, map));
    }

    /** {@code dst = r10 + offset}. */
    public Code stack(int dst, int offset) {
        return movReg(dst, 10).alu(AluOp.ADD, dst, imm(offset));
    }

    public Code load(AccessSize size, int dst, int base, int offset) {
        return add(new Instruction.Load(size, false, dst, base, offset));
    }

    public Code store(AccessSize size, int base, int offset, Operand src) {
        return add(new Instruction.Store(size, base, offset, src));
    }

    public Code jump(String label) {
        return use(label, Instruction.Jump::new);
    }

    public Code jumpIf(Condition condition, int left, Operand right, String label) {
        return use(label, offset -> new Instruction.JumpIf(Width.W64, condition, left, right, offset));
    }

    public Code callLocal(String label) {
        return use(label, Instruction.CallLocal::new);
    }

    public Code functionAddress(int dst, String label) {
        return use(label, offset -> new Instruction.LoadFunction(dst, offset));
    }

    public Code call(int helper) {
        return add(new Instruction.Call(helper));
    }

    public Code exit() {
        return add(new Instruction.Exit());
    }

    public Program program() {
        var linked = new ArrayList<>(instructions);
        for (var use : uses) {
            linked.set(use.slot(), use.instruction().apply(labels.get(use.label()) - use.slot() - 1));
        }
        var functions = new ArrayList<Program.Function>();
        for (int i = 0; i < functionStarts.size(); i++) {
            int end = i + 1 < functionStarts.size() ? functionStarts.get(i + 1) : linked.size();
            functions.add(new Program.Function("f" + i, functionStarts.get(i), end));
        }
        var specs = maps.stream().map(BpfMap::spec).toList();
        return new Program("test", "test", linked, functions, specs, new TreeMap<>());
    }

    public Executable prepare() {
        return Interpreter.prepare(program(), maps, Helpers.standard((_, _) -> {}), STEPS);
    }

    public Executable prepare(Helpers helpers, long maxSteps) {
        return Interpreter.prepare(program(), maps, helpers, maxSteps);
    }

    /** Runs it in a new execution slot. */
    public long run() {
        return prepare().run(new RunContext(0, 0));
    }
}

package io.vertebra.verifier.soundness;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.Program.Function;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.TreeMap;

/** Instructions on their way to a program: jumps lead to labels, calls to functions. */
final class Draft {

    /** The label of the way out of the entry function. */
    static final int OUT = 0;

    /** A part of a program. */
    sealed interface Part {}

    /** An instruction that leads nowhere else. */
    private record Plain(Instruction instruction) implements Part {}

    private record Label(int label) implements Part {}

    private record Goto(int label) implements Part {}

    private record If(Width width, Condition condition, int left, Operand right, int label) implements Part {}

    /** Labels below 0 are functions. */
    private record CallFunction(int label) implements Part {}

    private record Address(int dst, int label) implements Part {}

    final List<Part> parts = new ArrayList<>();

    static Register r(int number) {
        return new Register(number);
    }

    static Operand c(int value) {
        return new Immediate(value);
    }

    Draft add(Draft other) {
        parts.addAll(other.parts);
        return this;
    }

    Draft add(Instruction instruction) {
        parts.add(new Plain(instruction));
        return this;
    }

    private Draft wide(Instruction instruction) {
        return add(instruction).add(new Instruction.WideTail());
    }

    Draft label(int label) {
        parts.add(new Label(label));
        return this;
    }

    Draft jump(int label) {
        parts.add(new Goto(label));
        return this;
    }

    Draft jumpIf(int left, Condition condition, Operand right, int label) {
        return jumpIf(Width.W64, left, condition, right, label);
    }

    Draft jumpIf(Width width, int left, Condition condition, Operand right, int label) {
        parts.add(new If(width, condition, left, right, label));
        return this;
    }

    /** Calls the function with a number, 1 or more. */
    Draft callFunction(int function) {
        parts.add(new CallFunction(-function));
        return this;
    }

    /** The address of the function with a number. */
    Draft function(int dst, int function) {
        parts.add(new Address(dst, -function));
        return add(new Instruction.WideTail());
    }

    Draft alu(Width width, AluOp op, int dst, Operand src) {
        return add(new Instruction.Alu(width, op, dst, src));
    }

    Draft alu(AluOp op, int dst, Operand src) {
        return alu(Width.W64, op, dst, src);
    }

    Draft mov(int dst, Operand src) {
        return alu(AluOp.MOV, dst, src);
    }

    Draft plus(int dst, Operand src) {
        return alu(AluOp.ADD, dst, src);
    }

    Draft load(AccessSize size, int dst, int base, int offset) {
        return add(new Instruction.Load(size, false, dst, base, offset));
    }

    Draft store(AccessSize size, int base, int offset, Operand src) {
        return add(new Instruction.Store(size, base, offset, src));
    }

    Draft constant(int dst, long value) {
        return wide(new Instruction.LoadImmediate(dst, value));
    }

    Draft map(int dst, int map) {
        return wide(new Instruction.LoadMap(dst, map));
    }

    Draft mapValue(int dst, int map, int offset) {
        return wide(new Instruction.LoadMapValue(dst, map, offset));
    }

    Draft call(int helper) {
        return add(new Instruction.Call(helper));
    }

    Draft exit() {
        return add(new Instruction.Exit());
    }

    /**
     * A program of functions, the entry function first.
     *
     * @param setting what it is verified against
     * @param functions the parts of each; the last instruction of each is an exit
     */
    static Program program(Setting setting, List<Draft> functions) {
        var labels = new HashMap<Integer, Integer>();
        var ranges = new ArrayList<Function>();
        int slot = 0;
        for (int number = 0; number < functions.size(); number++) {
            int start = slot;
            labels.put(number == 0 ? Integer.MIN_VALUE : -number, start);
            for (var part : functions.get(number).parts) {
                if (part instanceof Label label) {
                    labels.put(label.label(), slot);
                } else {
                    slot++;
                }
            }
            ranges.add(new Function(number == 0 ? "main" : "f" + number, start, slot));
        }
        var code = new ArrayList<Instruction>(slot);
        for (var function : functions) {
            for (var part : function.parts) {
                int next = code.size() + 1;
                switch (part) {
                    case Plain p -> code.add(p.instruction());
                    case Goto p -> code.add(new Instruction.Jump(labels.get(p.label()) - next));
                    case If p ->
                        code.add(new Instruction.JumpIf(
                                p.width(), p.condition(), p.left(), p.right(), labels.get(p.label()) - next));
                    case CallFunction p -> code.add(new Instruction.CallLocal(labels.get(p.label()) - next));
                    case Address p -> code.add(new Instruction.LoadFunction(p.dst(), labels.get(p.label()) - next));
                    case Label _ -> {}
                }
            }
        }
        return new Program(setting.name(), "hook/test/event", code, ranges, Subject.MAPS, new TreeMap<>());
    }

    /** Bytes of code, in slots. */
    int slots() {
        return (int) parts.stream().filter(p -> !(p instanceof Label)).count();
    }
}

package io.vertebra.vm.jit;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.AluSemantics;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Alu;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.isa.RegisterUse;
import io.vertebra.vm.program.Program;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the registers of one function surely hold before each instruction that uses memory or calls: a forward data-flow
 * analysis of {@link Origin}s. It is what makes stack slots locals, and helper calls on known maps direct.
 */
final class Origins {

    private static final int REGISTERS = 11;

    private final List<Instruction> code;
    private final FunctionCode function;
    private final Map<Integer, Origin[]> atTargets = new HashMap<>();
    private final Map<Integer, Origin[]> before = new HashMap<>();
    private boolean stackEscapes;

    Origins(Program program, FunctionCode function) {
        this.code = program.instructions();
        this.function = function;
        propagate();
        function.slots()
                .filter(s -> s == function.start() || function.isTarget(s))
                .forEach(this::record);
    }

    /** What the registers hold before a load, store, atomic or call; null for what is not known. */
    Origin[] before(int slot) {
        return before.get(slot);
    }

    /** What a register holds before a load, store, atomic or call; null when it is not known. */
    Origin of(int slot, int register) {
        return before.get(slot)[register];
    }

    /** Whether a stack address goes where it is not known any more. */
    boolean stackEscapes() {
        return stackEscapes;
    }

    private void propagate() {
        var entry = new Origin[REGISTERS];
        entry[REGISTERS - 1] = new Origin.Stack(0);
        var open = new ArrayDeque<Integer>();
        atTargets.put(function.start(), entry);
        open.add(function.start());
        while (!open.isEmpty()) {
            int slot = open.poll();
            var registers = atTargets.get(slot).clone();
            boolean falls = true;
            do {
                var instruction = code.get(slot);
                apply(registers, slot, instruction);
                switch (instruction) {
                    case Instruction.Exit _ -> falls = false;
                    case Instruction.Jump i -> {
                        meet(slot + 1 + i.offset(), registers, open);
                        falls = false;
                    }
                    case Instruction.JumpIf i -> meet(slot + 1 + i.offset(), registers, open);
                    default -> {}
                }
                slot += Instruction.size(instruction);
                falls &= slot < code.size();
                if (falls && starts(slot)) {
                    meet(slot, registers, open);
                    falls = false;
                }
            } while (falls);
        }
    }

    private boolean starts(int slot) {
        return slot == function.start() || function.isTarget(slot);
    }

    private void meet(int slot, Origin[] registers, ArrayDeque<Integer> open) {
        var known = atTargets.get(slot);
        if (known == null) {
            atTargets.put(slot, registers.clone());
            open.add(slot);
            return;
        }
        boolean changed = false;
        for (int r = 0; r < REGISTERS; r++) {
            if (known[r] != null && !known[r].equals(registers[r])) {
                stackEscapes |= isLive(slot, r) && known[r] instanceof Origin.Stack;
                known[r] = null;
                changed = true;
            }
            stackEscapes |= known[r] == null && registers[r] instanceof Origin.Stack && isLive(slot, r);
        }
        if (changed) {
            open.add(slot);
        }
    }

    private boolean isLive(int slot, int register) {
        return (function.liveAt(slot) & 1 << register) != 0;
    }

    /** Notes what is known from a slot on, now that it is final. */
    private void record(int start) {
        var registers = atTargets.get(start).clone();
        int slot = start;
        do {
            var instruction = code.get(slot);
            switch (instruction) {
                case Instruction.Load _,
                        Instruction.Store _,
                        Instruction.Atomic _,
                        Instruction.Call _,
                        Instruction.CallLocal _,
                        Instruction.CallRegister _ -> before.put(slot, registers.clone());
                default -> {}
            }
            apply(registers, slot, instruction);
            slot += Instruction.size(instruction);
            if (instruction instanceof Instruction.Exit || instruction instanceof Instruction.Jump) {
                return;
            }
        } while (slot < code.size() && !starts(slot));
    }

    private void apply(Origin[] registers, int slot, Instruction instruction) {
        switch (instruction) {
            case Alu i -> registers[i.dst()] = result(registers, i);
            case Instruction.LoadImmediate i -> registers[i.dst()] = new Origin.Constant(i.value());
            case Instruction.LoadMap i -> registers[i.dst()] = new Origin.MapObject(i.map());
            case Instruction.LoadMapValue i ->
                registers[i.dst()] = new Origin.Constant(Addresses.mapValues(i.map()) + i.offset());
            case Instruction.LoadFunction i ->
                registers[i.dst()] = new Origin.Constant(Addresses.function(slot + 1 + i.offset()));
            case Instruction.Store i -> {
                escape(registers, i.src());
                forget(registers, instruction);
            }
            case Instruction.Atomic i -> {
                escape(registers, new Register(i.src()));
                forget(registers, instruction);
            }
            case Instruction.MoveSignExtended i -> {
                escape(registers, new Register(i.src()));
                forget(registers, instruction);
            }
            case Instruction.Negate i -> {
                escape(registers, new Register(i.dst()));
                forget(registers, instruction);
            }
            case Instruction.ByteSwap i -> {
                escape(registers, new Register(i.dst()));
                forget(registers, instruction);
            }
            case Instruction.CallLocal _, Instruction.CallRegister _ -> {
                for (int r = 1; r <= 5; r++) {
                    escape(registers, new Register(r));
                }
                forget(registers, instruction);
            }
            case Instruction.Load _,
                    Instruction.LoadPacket _,
                    Instruction.Jump _,
                    Instruction.JumpIf _,
                    Instruction.Call _,
                    Instruction.Exit _,
                    Instruction.WideTail _ -> forget(registers, instruction);
        }
    }

    private static void forget(Origin[] registers, Instruction instruction) {
        int written = RegisterUse.written(instruction);
        for (int r = 0; r < REGISTERS; r++) {
            if ((written & 1 << r) != 0) {
                registers[r] = null;
            }
        }
    }

    private void escape(Origin[] registers, Operand operand) {
        stackEscapes |= origin(registers, operand) instanceof Origin.Stack;
    }

    private static Origin origin(Origin[] registers, Operand operand) {
        return switch (operand) {
            case Register r -> registers[r.number()];
            case Immediate i -> new Origin.Constant(i.value());
        };
    }

    private Origin result(Origin[] registers, Alu i) {
        var left = registers[i.dst()];
        var right = origin(registers, i.src());
        if (i.op() == AluOp.MOV && i.width() == Width.W64) {
            return right;
        }
        if (right instanceof Origin.Constant(long b)) {
            if (i.op() == AluOp.MOV || left instanceof Origin.Constant) {
                long a = left instanceof Origin.Constant(long value) ? value : 0;
                return new Origin.Constant(
                        i.width() == Width.W64 ? AluSemantics.alu64(i.op(), a, b) : AluSemantics.alu32(i.op(), a, b));
            }
            if (left instanceof Origin.Stack(long offset) && i.width() == Width.W64) {
                if (i.op() == AluOp.ADD) {
                    return new Origin.Stack(offset + b);
                }
                if (i.op() == AluOp.SUB) {
                    return new Origin.Stack(offset - b);
                }
            }
        }
        stackEscapes |= right instanceof Origin.Stack || (i.op() != AluOp.MOV && left instanceof Origin.Stack);
        return null;
    }
}

package io.vertebra.verifier.analysis;

import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.RegisterUse;
import io.vertebra.vm.program.Program;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Walks a path once more by its decisions, to tell where the values come from that registers hold at its end. Only for
 * messages: memory other than the stack is not followed.
 */
final class Replay {

    /** Longer paths are not walked again. */
    private static final int LONGEST = 200_000;

    private static final int REGISTERS = 11;
    private static final int FRAME_POINTER = 10;

    /**
     * Where a value comes from. Two registers that hold copies of one value have the same origin object.
     *
     * @param order when it was made: instructions from the beginning of the path
     * @param slot the instruction that made it
     * @param left what it was computed from, or null
     * @param right what it was computed from besides, or null
     * @param frame if it is an address in the stack, the number of the frame, else -1
     * @param offset if it is an address in the stack, its distance from the frame's r10
     */
    record Origin(int order, int slot, Origin left, Origin right, int frame, long offset) {
        /** Whether it came from outside: memory, or a helper. */
        boolean isRoot() {
            return left == null && right == null && frame < 0;
        }

        /** What it was computed from. */
        List<Origin> operands() {
            return Stream.of(left, right).filter(Objects::nonNull).toList();
        }
    }

    /**
     * A decision that was taken on the path.
     *
     * @param left where the value on the left side of the comparison comes from, null for a constant or nothing
     * @param right as {@code left}, of the right side
     */
    record Choice(int order, Path.Decision decision, Origin left, Origin right) {}

    private record Cell(int frame, long offset) {}

    private record Call(int returnTo, Origin[] registers) {}

    private final Program program;
    private final List<Choice> choices = new ArrayList<>();
    /** When helpers were called, by the order of the call. */
    private final List<Origin> calls = new ArrayList<>();

    private final Map<Cell, Origin> cells = new HashMap<>();
    private final Deque<Call> callers = new ArrayDeque<>();
    private Origin[] registers = frame(0);
    private int slot;
    private int order;
    /** When the running function was entered. */
    private final Deque<Integer> entered = new ArrayDeque<>(List.of(0));

    /** Walks from the program's entry by the decisions until the instruction at {@code end} is next. */
    Replay(Program program, Path.Decision last, int end) {
        this.program = program;
        var decisions = new ArrayDeque<Path.Decision>();
        for (var d = last; d != null; d = d.before()) {
            decisions.push(d);
        }
        while (order < LONGEST && !(decisions.isEmpty() && slot == end)) {
            order++;
            step(decisions);
        }
    }

    private static Origin[] frame(int number) {
        var registers = new Origin[REGISTERS];
        registers[FRAME_POINTER] = new Origin(0, 0, null, null, number, 0);
        return registers;
    }

    /** Whether the end was reached, so that the rest can be believed. */
    boolean isComplete() {
        return order < LONGEST;
    }

    /** All decisions, in order. */
    List<Choice> choices() {
        return choices;
    }

    /** All calls of helpers, in order. */
    List<Origin> calls() {
        return calls;
    }

    /** Where what a register holds at the end comes from; null for a constant or nothing. */
    Origin origin(int register) {
        return registers[register];
    }

    /** When the function was entered that runs at the end. */
    int entered() {
        return entered.peek();
    }

    private void step(Deque<Path.Decision> decisions) {
        var instruction = program.instructions().get(slot);
        if (!decisions.isEmpty() && decisions.peek().slot() == slot) {
            decide(decisions.pop(), instruction);
            return;
        }
        switch (instruction) {
            case Instruction.Jump i -> slot += 1 + i.offset();
            case Instruction.CallLocal i -> {
                enter(slot + 1, arguments());
                slot += 1 + i.offset();
            }
            case Instruction.Exit _ -> leave();
            default -> {
                straight(instruction);
                slot += Instruction.size(instruction);
            }
        }
    }

    private void decide(Path.Decision decision, Instruction instruction) {
        if (instruction instanceof Instruction.JumpIf i) {
            choices.add(new Choice(order, decision, registers[i.left()], operand(i.right())));
        } else {
            choices.add(new Choice(order, decision, null, null));
            enter(slot + 1, new Origin[REGISTERS]);
        }
        slot = decision.next();
    }

    private Origin[] arguments() {
        return registers.clone();
    }

    private void enter(int returnTo, Origin[] arguments) {
        callers.push(new Call(returnTo, registers));
        entered.push(order);
        registers = frame(callers.size());
        System.arraycopy(arguments, 1, registers, 1, 5);
    }

    private void leave() {
        if (callers.isEmpty()) {
            // The end of another run: nothing more is known.
            order = LONGEST;
            return;
        }
        var result = registers[0];
        var call = callers.pop();
        entered.pop();
        registers = call.registers();
        forgetArguments();
        registers[0] = result;
        slot = call.returnTo();
    }

    private void forgetArguments() {
        for (int register = 0; register <= 5; register++) {
            registers[register] = null;
        }
    }

    private void straight(Instruction instruction) {
        switch (instruction) {
            case Instruction.Alu i -> registers[i.dst()] = result(i);
            case Instruction.MoveSignExtended i -> registers[i.dst()] = made(registers[i.src()], null);
            case Instruction.Negate i -> registers[i.dst()] = made(registers[i.dst()], null);
            case Instruction.ByteSwap i -> registers[i.dst()] = made(registers[i.dst()], null);
            case Instruction.Load i -> registers[i.dst()] = loaded(registers[i.base()], i.offset());
            case Instruction.Store i -> store(registers[i.base()], i.offset(), operand(i.src()));
            case Instruction.Call _, Instruction.CallRegister _ -> {
                forgetArguments();
                registers[0] = root();
                calls.add(registers[0]);
            }
            default -> {
                for (int register = 0; register < FRAME_POINTER; register++) {
                    if ((RegisterUse.written(instruction) & 1 << register) != 0) {
                        registers[register] = instruction instanceof Instruction.Atomic ? root() : null;
                    }
                }
            }
        }
    }

    private Origin root() {
        return new Origin(order, slot, null, null, -1, 0);
    }

    private Origin made(Origin left, Origin right) {
        return left == null && right == null ? null : new Origin(order, slot, left, right, -1, 0);
    }

    private Origin operand(Operand operand) {
        return operand instanceof Register r ? registers[r.number()] : null;
    }

    private Origin result(Instruction.Alu i) {
        var right = operand(i.src());
        if (i.op() == AluOp.MOV) {
            return right;
        }
        var left = registers[i.dst()];
        return left != null && left.frame() >= 0 && i.op() == AluOp.ADD && i.src() instanceof Immediate by
                ? new Origin(order, slot, null, null, left.frame(), left.offset() + by.value())
                : made(left, right);
    }

    private Origin loaded(Origin base, int offset) {
        if (base == null || base.frame() < 0) {
            return root();
        }
        var cell = new Cell(base.frame(), base.offset() + offset);
        return cells.containsKey(cell) ? cells.get(cell) : root();
    }

    private void store(Origin base, int offset, Origin value) {
        if (base != null && base.frame() >= 0) {
            cells.put(new Cell(base.frame(), base.offset() + offset), value);
        }
    }
}

package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Draft.OUT;
import static io.vertebra.verifier.soundness.Draft.c;
import static io.vertebra.verifier.soundness.Draft.r;

import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Calls of helpers, with arguments made as their prototypes ask, and of the program's own functions. */
final class Calls {

    private static final Set<Argument> NOT_MADE = EnumSet.of(
            Argument.RESERVATION,
            Argument.CALLBACK,
            Argument.SPIN_LOCK,
            Argument.TIMER,
            Argument.TIMER_MAP,
            Argument.VALUE_MEMORY,
            Argument.UNINIT_DYNPTR,
            Argument.UNINIT_RESERVED_DYNPTR,
            Argument.DYNPTR,
            Argument.RESERVED_DYNPTR,
            Argument.SLICE_SIZE,
            Argument.PER_CPU_VARIABLE);

    /** Where buffers lie on the stack, and how long they are. */
    private static final int BUFFER = -48;

    private static final int BUFFER_BYTES = 16;

    /** The number of {@link #reader}. */
    private static final int READER = 9;

    private final Choice choice;
    private final Numbers numbers;
    private final List<HelperPrototype> helpers;

    Calls(Choice choice, Numbers numbers) {
        this.choice = choice;
        this.numbers = numbers;
        helpers = choice.setting.prototypes().values().stream()
                .filter(p -> p.arguments().stream().noneMatch(NOT_MADE::contains))
                .filter(p -> !p.arguments().contains(Argument.RESERVATION_SIZE))
                .sorted(Comparator.comparingInt(HelperPrototype::id))
                .toList();
    }

    /** A call of any helper; its result goes to some register. */
    Draft helper() {
        var helper = choice.any(helpers);
        var draft = new Draft();
        boolean fills = helper.arguments().contains(Argument.WRITABLE);
        if (!choice.oneIn(fills ? 2 : 10)) {
            for (int at = BUFFER; at < BUFFER + BUFFER_BYTES; at += 8) {
                draft.store(AccessSize.DOUBLE, 10, at, c(choice.number()));
            }
        }
        for (int index = helper.arguments().size() - 1; index >= 0; index--) {
            argument(draft, helper, index);
        }
        if (helper.name().equals("trace_printk")) {
            // Verified or not, what a format prints of registers that nobody wrote is any number.
            draft.mov(3, c(choice.number())).mov(4, c(choice.number())).mov(5, c(choice.number()));
        }
        draft.call(helper.id());
        if (choice.oneIn(3)) {
            draft.mov(choice.target(), r(0));
        }
        if (choice.oneIn(fills ? 1 : 3)) {
            draft.load(choice.size(), choice.target(), 10, BUFFER + 8 * choice.below(2));
        }
        return draft;
    }

    /** The helper whose number is in a register. */
    Draft helperInRegister() {
        return new Draft().mov(1, c(choice.any(new Integer[] {5, 7, 8}))).add(new Instruction.CallRegister(1));
    }

    private void argument(Draft draft, HelperPrototype helper, int index) {
        int register = index + 1;
        switch (helper.arguments().get(index)) {
            case SCALAR -> draft.mov(register, c(choice.oneIn(2) ? 0 : choice.number()));
            case MAP -> draft.map(register, map(helper.name()));
            case MAP_KEY -> {
                draft.store(AccessSize.DOUBLE, 10, -8, c(choice.below(3)));
                stack(draft, register, -8);
            }
            case MAP_VALUE, UNINIT_MAP_VALUE -> {
                if (choice.random.nextBoolean()) {
                    draft.mov(register, r(7));
                } else {
                    stack(draft, register, BUFFER);
                }
            }
            case READABLE, READABLE_OR_NULL, WRITABLE, SOURCE -> memory(draft, helper, register);
            case SIZE, SIZE_OR_ZERO -> size(draft, helper, register);
            case CONTEXT -> draft.mov(register, r(6));
            case CALLBACK_STATE -> draft.mov(register, c(0));
            case CONST_STRING -> draft.mapValue(register, Subject.CONSTANTS, Subject.WORD);
            case WRITABLE_LONG -> stack(draft, register, BUFFER + 8 * choice.below(2));
            default -> throw new IllegalArgumentException(helper.name());
        }
    }

    private void memory(Draft draft, HelperPrototype helper, int register) {
        if (register == 1 && helper.name().contains("printk")) {
            draft.mapValue(register, Subject.CONSTANTS, Subject.FORMAT);
        } else if (choice.oneIn(4)) {
            draft.mov(register, r(7));
        } else {
            stack(draft, register, BUFFER);
        }
    }

    private static void stack(Draft draft, int register, int at) {
        draft.mov(register, r(10)).plus(register, c(at));
    }

    private void size(Draft draft, HelperPrototype helper, int register) {
        if (register == 2 && helper.name().contains("printk")) {
            draft.mov(register, c(4));
        } else if (choice.oneIn(4)) {
            draft.load(choice.any(AccessSize.values()), register, 6, choice.number(0))
                    .add(numbers.bound(register, BUFFER_BYTES - 1, OUT));
            if (choice.random.nextBoolean()) {
                draft.jumpIf(register, Condition.EQ, c(0), OUT);
            }
        } else {
            draft.mov(register, c(choice.oneIn(3) ? 8 : choice.between(0, BUFFER_BYTES + 1)));
        }
    }

    private int map(String helper) {
        if (helper.matches("map_(push|pop|peek)_elem")) {
            return Subject.QUEUE;
        }
        if (helper.contains("percpu")) {
            return Subject.PER_CPU;
        }
        return switch (helper) {
            case "ringbuf_output", "ringbuf_query" -> Subject.RING;
            case "perf_event_output" -> Subject.PERF;
            case "get_stackid" -> Subject.STACKS;
            case "tail_call" -> Subject.PROGRAMS;
            case "jbpf_ringbuf_output" -> Subject.JBPF_RING;
            case "jbpf_control_input_receive" -> Subject.JBPF_INPUT;
            case "jbpf_get_output_buf", "jbpf_send_output" -> Subject.JBPF_OUTPUT;
            default ->
                choice.any(new Integer[] {
                    Subject.ARRAY,
                    Subject.HASH,
                    choice.setting.isNative() ? Subject.HASH : Subject.PER_THREAD,
                    Subject.PER_CPU
                });
        };
    }

    /** Calls the function that looks at two numbers, the one that changes the caller's stack, or the one that reads a map. */
    Draft function() {
        var draft = new Draft();
        switch (choice.below(4)) {
            case 0 -> draft.add(numbers.source(1)).mov(2, c(choice.number())).callFunction(1);
            case 1 -> {
                int at = choice.stackSlot();
                draft.store(AccessSize.DOUBLE, 10, at, choice.operand());
                stack(draft, 1, at);
                draft.add(numbers.source(2)).callFunction(2).load(choice.size(), choice.target(), 10, at);
            }
            case 2 -> draft.mov(1, r(7)).add(numbers.source(2)).callFunction(3);
            default ->
                draft.add(numbers.source(1))
                        .mov(2, r(choice.oneIn(9) ? choice.source() : 10))
                        .callFunction(4);
        }
        return choice.random.nextBoolean() ? draft.mov(choice.target(), r(0)) : draft;
    }

    /** Calls of a function by a helper, which hands it a slot of the stack; what is left there then matters. */
    Draft callback() {
        int at = choice.stackSlot();
        var draft = new Draft().store(AccessSize.DOUBLE, 10, at, c(choice.below(9)));
        if (choice.oneIn(3)) {
            draft.mov(9, c(choice.below(4)));
        }
        stack(draft, 3, at);
        if (choice.random.nextBoolean()) {
            if (choice.random.nextBoolean()) {
                draft.mov(1, c(choice.between(0, 9)));
            } else {
                draft.load(AccessSize.WORD, 1, 6, choice.number(8)).add(numbers.bound(1, 15, OUT));
            }
            draft.function(2, choice.oneIn(12) ? choice.between(1, 6) : 5)
                    .mov(4, c(0))
                    .call(181);
        } else {
            draft.map(1, choice.any(new Integer[] {Subject.ARRAY, Subject.HASH}));
            draft.function(2, choice.oneIn(12) ? choice.between(1, 6) : 6)
                    .mov(4, c(0))
                    .call(164);
        }
        draft.load(AccessSize.DOUBLE, 5, 10, at);
        if (choice.random.nextBoolean()) {
            draft.add(numbers.bound(5, 15, OUT));
        }
        return draft.mov(8, r(7)).plus(8, r(5)).load(AccessSize.BYTE, 0, 8, 0);
    }

    /** A function gets a pointer by a slot of the caller's stack. */
    Draft lend() {
        int at = choice.stackSlot();
        var draft = new Draft().store(AccessSize.DOUBLE, 10, at, r(choice.oneIn(6) ? choice.source() : 7));
        stack(draft, 1, at);
        return draft.callFunction(READER).mov(choice.target(), r(0));
    }

    /** The function that {@link #lend} calls. */
    Draft reader() {
        var draft = new Draft().load(AccessSize.DOUBLE, 2, 1, 0);
        if (choice.oneIn(3)) {
            draft.store(AccessSize.DOUBLE, 1, 0, choice.random.nextBoolean() ? r(10) : r(2));
        }
        return draft.load(choice.size(), 0, 2, choice.below(3) * 8).exit();
    }

    /** What a callback does with the slot that it was handed. */
    private Draft change(int slot) {
        var draft = new Draft();
        return switch (choice.below(5)) {
            case 0 -> draft.store(AccessSize.DOUBLE, slot, 0, c(choice.below(16)));
            case 1 ->
                draft.load(AccessSize.DOUBLE, 5, slot, 0)
                        .alu(choice.width(), choice.any(AluOp.values()), 5, c(choice.number()))
                        .store(AccessSize.DOUBLE, slot, 0, r(5));
            case 2 ->
                draft.load(AccessSize.DOUBLE, 5, slot, 0)
                        .plus(5, c(1))
                        .alu(AluOp.AND, 5, c(15))
                        .store(AccessSize.DOUBLE, slot, 0, r(5));
            case 3 -> draft.store(choice.size(), slot, 0, choice.oneIn(3) ? r(1) : c(choice.number()));
            default -> draft;
        };
    }

    private Draft result() {
        int end = choice.freshLabel();
        var draft = new Draft().mov(0, c(choice.oneIn(12) ? 2 : 0));
        if (choice.random.nextBoolean()) {
            draft.jumpIf(choice.below(4), choice.condition(), c(choice.below(9)), end)
                    .mov(0, c(1));
        }
        return draft.label(end).exit();
    }

    /** The functions that a program may call: four of its own, one for repetitions, one for the entries of a map. */
    List<Draft> functions() {
        int skip = choice.freshLabel();
        var first = new Draft()
                .mov(0, r(1))
                .jumpIf(choice.width(), 2, choice.condition(), c(choice.number()), skip)
                .alu(choice.width(), choice.any(AluOp.values()), 0, r(2))
                .label(skip)
                .exit();
        var second = new Draft()
                .mov(6, r(2))
                .store(choice.oneIn(3) ? choice.size() : AccessSize.DOUBLE, 1, 0, r(6))
                .load(AccessSize.DOUBLE, 0, 1, 0)
                .exit();
        int end = choice.freshLabel();
        var third = new Draft()
                .mov(0, c(0))
                .add(numbers.bound(2, 15, end))
                .plus(1, r(2))
                .load(AccessSize.BYTE, 0, 1, 0)
                .label(end)
                .exit();
        var fourth = new Draft()
                .store(AccessSize.DOUBLE, 10, -8 * choice.between(1, 3), c(1))
                .mov(7, r(1))
                .mov(2, c(choice.number()))
                .callFunction(1)
                .alu(Width.W64, choice.any(AluOp.values()), 0, r(7))
                .exit();
        var fifth = change(2).add(result());
        var sixth = new Draft();
        var size = choice.size();
        boolean signed = choice.random.nextBoolean() && size != AccessSize.DOUBLE;
        sixth.add(new Instruction.Load(size, signed, 5, 2, choice.oneIn(8) ? choice.below(5) : 0));
        if (choice.random.nextBoolean()) {
            sixth.store(choice.size(), 3, choice.below(2) * 8, c(choice.number()));
        }
        sixth.mov(1, c(choice.number())).add(change(4)).add(result());
        return List.of(first, second, third, fourth, fifth, sixth);
    }
}

package io.vertebra.verifier.soundness;

import static io.vertebra.verifier.soundness.Machine.NUMBER;
import static io.vertebra.verifier.soundness.Machine.POINTER;
import static io.vertebra.verifier.soundness.Machine.UNSET;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.ContextLayout;
import java.util.List;
import java.util.Map;

/**
 * What an executor does not see: reads of what was never written, numbers followed as pointers, pointers that leave the
 * codelet, records that are lost. It follows the kinds of values as they are, instruction by instruction, and knows
 * nothing of how the verifier does it.
 */
final class Rules {

    private final List<Instruction> code;
    private final ContextLayout context;
    private final Map<Integer, HelperPrototype> helpers;
    private final Machine machine;
    private final Coverage coverage;
    private final HelperRules helperRules;
    /** The kind of what the instruction loads. */
    private byte loaded;

    Rules(
            List<Instruction> code,
            ContextLayout context,
            Map<Integer, HelperPrototype> helpers,
            Machine machine,
            Coverage coverage) {
        this.code = code;
        this.context = context;
        this.helpers = helpers;
        this.machine = machine;
        this.coverage = coverage;
        helperRules = new HelperRules(machine);
    }

    private long[] registers() {
        return machine.registers[machine.depth];
    }

    private byte[] kinds() {
        return machine.kinds[machine.depth];
    }

    private byte kind(Operand operand) {
        return operand instanceof Register r ? kinds()[r.number()] : NUMBER;
    }

    private static void require(boolean holds, int slot, String otherwise) {
        if (!holds) {
            throw new Counterexample(slot, otherwise);
        }
    }

    private void number(int slot, int register) {
        require(kinds()[register] == NUMBER, slot, "r" + register + " is no number");
    }

    /** Whether the instruction may take effect. */
    void before(int slot, Instruction instruction) {
        switch (instruction) {
            case Instruction.Alu i -> alu(slot, i);
            case Instruction.MoveSignExtended i -> number(slot, i.src());
            case Instruction.Negate i -> number(slot, i.dst());
            case Instruction.ByteSwap i -> number(slot, i.dst());
            case Instruction.Load i -> {
                loaded = NUMBER;
                long address = base(slot, i.base(), i.offset());
                int frame = Machine.frame(address);
                if (frame >= 0) {
                    loaded = fromStack(
                            slot, frame, Machine.offset(address), i.size().bytes());
                } else if (Addresses.CONTEXT >>> Addresses.OFFSET_BITS == address >>> Addresses.OFFSET_BITS) {
                    loaded = fromContext(
                            slot, address - Addresses.CONTEXT, i.size().bytes());
                }
            }
            case Instruction.Store i -> {
                require(kind(i.src()) != UNSET, slot, "what is stored was never set");
                store(slot, base(slot, i.base(), i.offset()), i.size().bytes(), kind(i.src()));
            }
            case Instruction.Atomic i -> {
                number(slot, i.src());
                if (i.op() == AtomicOp.COMPARE_EXCHANGE) {
                    number(slot, 0);
                }
                long address = base(slot, i.base(), i.offset());
                int frame = Machine.frame(address);
                if (frame >= 0) {
                    byte old = fromStack(
                            slot, frame, Machine.offset(address), i.size().bytes());
                    require(old == NUMBER, slot, "an atomic access to a pointer");
                }
                store(slot, address, i.size().bytes(), NUMBER);
            }
            case Instruction.JumpIf i -> {
                require(kinds()[i.left()] != UNSET && kind(i.right()) != UNSET, slot, "what is compared was never set");
            }
            case Instruction.Call i -> helperRules.before(slot, helpers.get(i.helper()));
            case Instruction.CallRegister i -> helperRules.before(slot, helpers.get((int) registers()[i.register()]));
            case Instruction.Exit _ -> {
                if (machine.calls[machine.depth] >= 0) {
                    number(slot, 0);
                    var helper = helpers.get(helperAt(machine.calls[machine.depth]));
                    int greatest = helper.callback().orElseThrow().greatestResult();
                    require(Long.compareUnsigned(registers()[0], greatest) <= 0, slot, "the callback returns too much");
                }
                require(machine.lock == 0, slot, "a function is left while a lock is held");
                if (machine.later) {
                    require(registers()[0] == 0, slot, "the timer's callback returns too much");
                }
                if (machine.depth == 0) {
                    number(slot, 0);
                    require(machine.holding == 0, slot, machine.holding + " records are lost");
                }
            }
            case Instruction.LoadImmediate _,
                    Instruction.LoadMap _,
                    Instruction.LoadMapValue _,
                    Instruction.LoadFunction _,
                    Instruction.WideTail _,
                    Instruction.LoadPacket _,
                    Instruction.Jump _ -> {}
            case Instruction.CallLocal _ ->
                require(machine.lock == 0, slot, "a function is called while a lock is held");
        }
    }

    private void alu(int slot, Instruction.Alu i) {
        byte right = kind(i.src());
        byte left = i.op() == AluOp.MOV ? NUMBER : kinds()[i.dst()];
        require(left != UNSET && right != UNSET, slot, "an operand was never set");
        boolean pointers = left == POINTER || right == POINTER;
        boolean possible = i.width() == Width.W64
                && switch (i.op()) {
                    case MOV -> true;
                    case ADD -> left != right;
                    case SUB -> left == POINTER;
                    default -> false;
                };
        require(!pointers || possible, slot, "arithmetic that shows a pointer's bits");
        if (left == POINTER && right == POINTER && i.op() == AluOp.SUB) {
            long other = registers()[((Register) i.src()).number()];
            // A pointer may lead before its region, but regions lie far apart.
            require(
                    Math.abs(registers()[i.dst()] - other) < 1L << (Addresses.OFFSET_BITS - 1),
                    slot,
                    "the distance of pointers into different memory");
        }
        if (pointers && i.op() != AluOp.MOV) {
            coverage.pointerArithmetic(slot, left == POINTER, right == POINTER);
        }
    }

    private long base(int slot, int register, int offset) {
        require(kinds()[register] == POINTER, slot, "r" + register + " is followed, and is no pointer");
        return registers()[register] + offset;
    }

    /** Frames that ended may not be read, nor what was never written, nor parts of pointers. */
    private byte fromStack(int slot, int frame, int offset, int size) {
        require(frame <= machine.depth, slot, "the stack of a function that ended is read");
        require(offset + size <= Addresses.FRAME_BYTES, slot, "the read leaves its frame");
        machine.use(frame, offset);
        byte kind = machine.kind(frame, offset, size);
        require(kind != UNSET, slot, "stack bytes are read that were never set");
        require(
                kind == NUMBER || (size == Long.BYTES && offset % Long.BYTES == 0),
                slot,
                "parts of a pointer are read");
        coverage.fill(kind == POINTER, frame < machine.depth);
        return kind;
    }

    private byte fromContext(int slot, long offset, int size) {
        var field = context.covering(offset, size);
        require(field.isPresent(), slot, "the context is read across its fields");
        return switch (field.get().kind()) {
            case SCALAR, STRING -> NUMBER;
            case PAYLOAD, PAYLOAD_END -> {
                require(size == Long.BYTES, slot, "a part of a context's pointer is read");
                yield POINTER;
            }
        };
    }

    private void store(int slot, long address, int size, byte kind) {
        int frame = Machine.frame(address);
        if (frame < 0) {
            require(kind == NUMBER, slot, "a pointer leaves the stack");
            return;
        }
        int offset = Machine.offset(address);
        require(frame <= machine.depth, slot, "the stack of a function that ended is written");
        require(offset + size <= Addresses.FRAME_BYTES, slot, "the write leaves its frame");
        machine.use(frame, offset);
        machine.overwrite(slot, frame, offset, size);
        // A part of a pointer says nothing, so that nobody may read it.
        boolean part = kind == POINTER && (size != Long.BYTES || offset % Long.BYTES != 0);
        for (int i = 0; i < size; i++) {
            machine.bytes[frame][offset + i] = part ? UNSET : kind;
        }
    }

    /** Follows what an instruction did to kinds, before the next one runs in a frame. */
    void after(int slot, Instruction instruction, long[] registers, int depth) {
        byte[] kinds = kinds();
        switch (instruction) {
            case Instruction.Alu i -> kinds[i.dst()] = result(i, kinds);
            case Instruction.MoveSignExtended i -> kinds[i.dst()] = NUMBER;
            case Instruction.LoadImmediate i -> kinds[i.dst()] = NUMBER;
            case Instruction.LoadMap i -> kinds[i.dst()] = POINTER;
            case Instruction.LoadMapValue i -> kinds[i.dst()] = POINTER;
            case Instruction.LoadFunction i -> kinds[i.dst()] = POINTER;
            case Instruction.Load i -> kinds[i.dst()] = loaded;
            case Instruction.Atomic i -> {
                if (i.op() == AtomicOp.COMPARE_EXCHANGE) {
                    kinds[0] = NUMBER;
                }
            }
            case Instruction.Call i -> {
                var helper = helpers.get(i.helper());
                if (depth > machine.depth) {
                    callBack(slot, helper, depth);
                } else {
                    called(helper, registers[0]);
                }
            }
            case Instruction.CallRegister i -> called(helpers.get((int) registers()[i.register()]), registers[0]);
            case Instruction.CallLocal _ -> {
                machine.depth = depth;
                machine.clear(depth);
                machine.returns[depth] = slot + 1;
                machine.calls[depth] = -1;
                System.arraycopy(kinds, 1, machine.kinds[depth], 1, 5);
                forget(kinds, 0);
            }
            case Instruction.Exit _ -> {
                int caller = machine.calls[machine.depth];
                machine.leave(caller >= 0 ? machine.depth - 1 : depth);
                if (caller < 0) {
                    kinds()[0] = kinds[0];
                } else if (depth > machine.depth) {
                    callBack(caller, helpers.get(helperAt(caller)), depth);
                } else {
                    helperRules.nothingFilled();
                    called(helpers.get(helperAt(caller)), registers[0]);
                }
            }
            case Instruction.Negate _,
                    Instruction.ByteSwap _,
                    Instruction.Store _,
                    Instruction.Jump _,
                    Instruction.JumpIf _,
                    Instruction.WideTail _,
                    Instruction.LoadPacket _ -> {}
        }
    }

    private int helperAt(int slot) {
        return ((Instruction.Call) code.get(slot)).helper();
    }

    /** A helper enters a function of the program; the caller's registers are as they were before the helper's call. */
    private void callBack(int slot, HelperPrototype helper, int depth) {
        byte[] caller = kinds();
        machine.depth = depth;
        machine.clear(depth);
        machine.returns[depth] = slot + 1;
        machine.calls[depth] = slot;
        coverage.callback(slot);
        var parameters = helper.callback().orElseThrow().parameters();
        for (int i = 0; i < parameters.size(); i++) {
            kinds()[i + 1] = switch (parameters.get(i)) {
                case INDEX -> NUMBER;
                case MAP, MAP_KEY, MAP_VALUE, SAMPLE -> POINTER;
                case STATE -> caller[helper.arguments().indexOf(Argument.CALLBACK_STATE) + 1];
            };
        }
    }

    private byte result(Instruction.Alu i, byte[] kinds) {
        byte right = kind(i.src());
        if (i.op() == AluOp.MOV) {
            return right;
        }
        boolean both = kinds[i.dst()] == POINTER && right == POINTER;
        return !both && (kinds[i.dst()] == POINTER || right == POINTER) ? POINTER : NUMBER;
    }

    private static void forget(byte[] kinds, int first) {
        for (int register = first; register <= 5; register++) {
            kinds[register] = UNSET;
        }
    }

    private void called(HelperPrototype prototype, long result) {
        coverage.result(prototype, result);
        helperRules.after(prototype, result);
        forget(kinds(), 1);
        kinds()[0] = switch (prototype.result()) {
            case VOID -> UNSET;
            case SCALAR, LEAVES -> NUMBER;
            case MAP_VALUE_OR_NULL, RESERVATION_OR_NULL, SLICE_OR_NULL -> result == 0 ? NUMBER : POINTER;
        };
    }
}

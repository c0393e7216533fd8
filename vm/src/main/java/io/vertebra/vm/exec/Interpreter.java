package io.vertebra.vm.exec;

import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Alu;
import io.vertebra.vm.isa.Instruction.Atomic;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.ByteSwap;
import io.vertebra.vm.isa.Instruction.Call;
import io.vertebra.vm.isa.Instruction.CallLocal;
import io.vertebra.vm.isa.Instruction.CallRegister;
import io.vertebra.vm.isa.Instruction.Exit;
import io.vertebra.vm.isa.Instruction.Jump;
import io.vertebra.vm.isa.Instruction.JumpIf;
import io.vertebra.vm.isa.Instruction.Load;
import io.vertebra.vm.isa.Instruction.LoadFunction;
import io.vertebra.vm.isa.Instruction.LoadImmediate;
import io.vertebra.vm.isa.Instruction.LoadMap;
import io.vertebra.vm.isa.Instruction.LoadMapValue;
import io.vertebra.vm.isa.Instruction.LoadPacket;
import io.vertebra.vm.isa.Instruction.MoveSignExtended;
import io.vertebra.vm.isa.Instruction.Negate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Store;
import io.vertebra.vm.isa.Instruction.WideTail;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.util.List;

/**
 * Makes programs executable by interpretation, verified or not. What can be told from the instructions alone is checked
 * here, once: registers, targets, maps, helpers. Stateless.
 */
public final class Interpreter {

    private static final int FRAME_POINTER = 10;

    private final Program program;
    private final Helpers helpers;
    private final Helper.Body[] bodies;

    private Interpreter(Program program, Helpers helpers) {
        this.program = program;
        this.helpers = helpers;
        this.bodies = new Helper.Body[program.instructions().size()];
    }

    /**
     * Binds a program to its maps and helpers.
     *
     * @param maps live maps, in the order of {@link Program#maps}
     * @param maxSteps the most instructions that one run may execute, callbacks included
     * @throws ProgramFault when an instruction could never be executed: a target, register, map or helper that does not
     *     exist, or a write to r10
     * @throws IllegalArgumentException when the maps are not those that the program names
     */
    public static Executable prepare(Program program, List<BpfMap> maps, Helpers helpers, long maxSteps) {
        var preparation = new Interpreter(program, helpers);
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            preparation.check(slot, program.instructions().get(slot));
        }
        return new InterpretedProgram(program, maps, helpers, preparation.bodies, maxSteps);
    }

    private void check(int slot, Instruction instruction) {
        switch (instruction) {
            case Alu i -> {
                written(slot, i.dst());
                read(slot, i.src());
            }
            case MoveSignExtended i -> {
                written(slot, i.dst());
                read(slot, i.src());
            }
            case Negate i -> written(slot, i.dst());
            case ByteSwap i -> written(slot, i.dst());
            case LoadImmediate i -> wide(slot, i.dst());
            case LoadMap i -> {
                wide(slot, i.dst());
                map(slot, i.map());
            }
            case LoadMapValue i -> {
                wide(slot, i.dst());
                map(slot, i.map());
            }
            case LoadFunction i -> {
                wide(slot, i.dst());
                target(slot, i.offset());
            }
            case WideTail _ -> {}
            case Load i -> {
                written(slot, i.dst());
                read(slot, i.base());
            }
            case LoadPacket i -> {
                if (i.index() >= 0) {
                    read(slot, i.index());
                }
            }
            case Store i -> {
                read(slot, i.base());
                read(slot, i.src());
            }
            case Atomic i -> {
                read(slot, i.base());
                if (i.op() == AtomicOp.EXCHANGE || (i.fetch() && i.op() != AtomicOp.COMPARE_EXCHANGE)) {
                    written(slot, i.src());
                } else {
                    read(slot, i.src());
                }
            }
            case Jump i -> target(slot, i.offset());
            case JumpIf i -> {
                read(slot, i.left());
                read(slot, i.right());
                target(slot, i.offset());
            }
            case Call i -> bodies[slot] = body(slot, i.helper());
            case CallLocal i -> target(slot, i.offset());
            case CallRegister i -> read(slot, i.register());
            case Exit _ -> {}
        }
    }

    /** A program may contain poison where it never gets. */
    private Helper.Body body(int slot, int helper) {
        var reason = program.poisoned().get(slot);
        if (reason != null) {
            return (_, _, _, _, _, _) -> {
                throw fault(slot, reason);
            };
        }
        return helpers.find(helper)
                .orElseThrow(() -> unknownHelper(slot, helper))
                .body();
    }

    static ProgramFault unknownHelper(int slot, long id) {
        return fault(slot, "helper " + id + " is unknown");
    }

    private static ProgramFault fault(int slot, String problem) {
        return new ProgramFault(slot, "insn " + slot + ": " + problem);
    }

    private static void read(int slot, Operand operand) {
        if (operand instanceof Register register) {
            read(slot, register.number());
        }
    }

    private static void read(int slot, int register) {
        if (register < 0 || register > FRAME_POINTER) {
            throw fault(slot, "register r" + register + ", allowed r0 to r10");
        }
    }

    private static void written(int slot, int register) {
        read(slot, register);
        if (register == FRAME_POINTER) {
            throw fault(slot, "write to r10, the frame pointer is read-only");
        }
    }

    private void wide(int slot, int register) {
        written(slot, register);
        if (slot + 1 >= program.instructions().size()
                || !(program.instructions().get(slot + 1) instanceof WideTail)) {
            throw fault(slot, "a wide instruction without its second slot");
        }
    }

    private void map(int slot, int map) {
        if (map < 0 || map >= program.maps().size()) {
            throw fault(
                    slot, "map " + map + ", the program has " + program.maps().size());
        }
    }

    private void target(int slot, int offset) {
        long target = slot + 1L + offset;
        if (target < 0
                || target >= program.instructions().size()
                || program.instructions().get((int) target) instanceof WideTail) {
            throw fault(
                    slot,
                    "target " + target + " is not an instruction, allowed [0, "
                            + program.instructions().size() + ")");
        }
    }
}

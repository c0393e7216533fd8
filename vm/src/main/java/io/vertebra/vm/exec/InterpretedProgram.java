package io.vertebra.vm.exec;

import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.helper.StandardHelpers;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Alu;
import io.vertebra.vm.isa.Instruction.Atomic;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.ByteSwap;
import io.vertebra.vm.isa.Instruction.Call;
import io.vertebra.vm.isa.Instruction.CallLocal;
import io.vertebra.vm.isa.Instruction.CallRegister;
import io.vertebra.vm.isa.Instruction.Exit;
import io.vertebra.vm.isa.Instruction.Immediate;
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
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.util.List;
import java.util.Optional;

/** A program executed instruction by instruction: the reference semantics. */
final class InterpretedProgram extends Executable {

    private final Instruction[] code;
    private final Helpers helpers;
    /** The bodies of called helpers, by slot. */
    private final Helper.Body[] bodies;

    InterpretedProgram(Program program, List<BpfMap> maps, Helpers helpers, Helper.Body[] bodies, long maxSteps) {
        super(program, maps, maxSteps);
        this.code = program.instructions().toArray(Instruction[]::new);
        this.helpers = helpers;
        this.bodies = bodies;
    }

    @Override
    long execute(RunContext run, int start) {
        long[] r = run.registers;
        AddressSpace memory = run.memory;
        int base = run.depth;
        long steps = run.stepsLeft;
        int pc = start;
        while (true) {
            if (pc >= code.length) {
                throw new ProgramFault(
                        pc - 1, "insn " + (pc - 1) + ": execution runs past the end, an exit is missing");
            }
            if (--steps < 0) {
                throw new ProgramFault(pc, "insn " + pc + ": step budget exhausted, allowed " + maxSteps());
            }
            int next = pc + 1;
            switch (code[pc]) {
                case Alu i -> {
                    long b = value(r, i.src());
                    r[i.dst()] = i.width() == Width.W64
                            ? AluSemantics.alu64(i.op(), r[i.dst()], b)
                            : AluSemantics.alu32(i.op(), r[i.dst()], b);
                }
                case Load i -> r[i.dst()] = memory.load(r[i.base()] + i.offset(), i.size(), i.signed(), pc);
                case Store i -> memory.store(r[i.base()] + i.offset(), i.size(), value(r, i.src()), pc);
                case JumpIf i -> {
                    if (AluSemantics.holds(i.width(), i.condition(), r[i.left()], value(r, i.right()))) {
                        next += i.offset();
                    }
                }
                case Jump i -> next += i.offset();
                case Call i -> {
                    run.stepsLeft = steps;
                    r[0] = call(run, pc, i.helper(), bodies[pc]);
                    steps = run.stepsLeft;
                    if (run.interrupted()) {
                        next = -1;
                    }
                }
                case LoadImmediate i -> {
                    r[i.dst()] = i.value();
                    next++;
                }
                case LoadMap i -> {
                    r[i.dst()] = Addresses.map(i.map());
                    next++;
                }
                case LoadMapValue i -> {
                    r[i.dst()] = Addresses.mapValues(i.map()) + i.offset();
                    next++;
                }
                case LoadFunction i -> {
                    r[i.dst()] = Addresses.function(next + i.offset());
                    next++;
                }
                case MoveSignExtended i -> r[i.dst()] = AluSemantics.signExtend(i.width(), i.bits(), r[i.src()]);
                case Negate i -> r[i.dst()] = AluSemantics.negate(i.width(), r[i.dst()]);
                case ByteSwap i -> r[i.dst()] = AluSemantics.swap(i.order(), i.bits(), r[i.dst()]);
                case Atomic i -> atomic(r, memory, i, pc);
                case CallLocal i -> {
                    memory.lock.refuse("calls a function", pc);
                    run.push(next, pc);
                    next += i.offset();
                }
                case CallRegister i -> {
                    run.stepsLeft = steps;
                    long id = r[i.register()];
                    r[0] = call(run, pc, id, helper(pc, id));
                    steps = run.stepsLeft;
                    if (run.interrupted()) {
                        next = -1;
                    }
                }
                case LoadPacket i -> {
                    if (!loadPacket(run, i)) {
                        run.ended = true;
                        next = -1;
                    }
                }
                case Exit _ -> {
                    memory.lock.refuse("returns", pc);
                    next = -1;
                }
                case WideTail _ -> throw new ProgramFault(pc, "insn " + pc + ": the second slot of a wide instruction");
            }
            if (next < 0) {
                if (run.interrupted()) {
                    run.stepsLeft = steps;
                    r[0] = run.finish();
                    steps = run.stepsLeft;
                }
                if (run.ended || run.depth == base) {
                    run.stepsLeft = steps;
                    run.depth = base;
                    return r[0];
                }
                next = run.pop();
            }
            pc = next;
        }
    }

    private static long value(long[] r, Operand operand) {
        return switch (operand) {
            case Register register -> r[register.number()];
            case Immediate immediate -> immediate.value();
        };
    }

    private static long call(RunContext run, int pc, long id, Helper.Body body) {
        long[] r = run.registers;
        if (run.memory.lock.isHeld() && id != StandardHelpers.SPIN_UNLOCK) {
            run.memory.lock.refuse("calls helper " + id, pc);
        }
        run.at = pc;
        return body.call(run, r[1], r[2], r[3], r[4], r[5]);
    }

    private Helper.Body helper(int pc, long id) {
        return (id == (int) id ? helpers.find((int) id) : Optional.<Helper>empty())
                .orElseThrow(() -> ProgramCheck.unknownHelper(pc, id))
                .body();
    }

    private static void atomic(long[] r, AddressSpace memory, Atomic i, int pc) {
        long old = memory.atomic(i, r[i.base()] + i.offset(), r[i.src()], r[0], pc);
        if (i.op() == AtomicOp.COMPARE_EXCHANGE) {
            r[0] = old;
        } else if (i.fetch() || i.op() == AtomicOp.EXCHANGE) {
            r[i.src()] = old;
        }
    }

    /** False when the packet is too short. */
    private static boolean loadPacket(RunContext run, LoadPacket i) {
        long offset = i.offset() + (i.index() < 0 ? 0L : (int) run.registers[i.index()]);
        int size = i.size().bytes();
        if (offset < 0 || !run.memory.payload.allows(offset, size, false)) {
            return false;
        }
        long value = run.memory.load(Addresses.PAYLOAD + offset, i.size(), false, 0);
        run.registers[0] =
                i.size() == AccessSize.BYTE ? value : AluSemantics.swap(Instruction.Order.BIG, size * 8, value);
        return true;
    }
}

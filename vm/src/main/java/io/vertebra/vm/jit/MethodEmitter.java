package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.Alu;
import io.vertebra.vm.isa.Instruction.Atomic;
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
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Store;
import io.vertebra.vm.isa.Instruction.WideTail;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.ProgramFault;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes one method: a whole function, {@code long f(run, r1..r5)}, or a chunk of one, {@code int c(run, entry)}, which
 * gives the slot to go on at, or -1 when the function has ended with r0 in the run's registers. Each eBPF register is a
 * local variable; the cases stand in the order of the interpreter's.
 */
final class MethodEmitter {

    /** What a chunk gives when the function has ended. */
    static final int ENDED = -1;

    /** A line number has 16 bits; the line of an instruction is its slot + 1. */
    private static final int MOST_LINES = 65_535;

    private static final ClassDesc RUN = Descriptors.of(RunContext.class);
    private static final int FRAME_POINTER = 10;

    private final Unit unit;
    private final CompiledFunction function;
    private final Chunk chunk;
    private final boolean whole;
    private final Signature signature;
    private final Locals locals;
    private final CodeBuilder code;
    /** What the code turns out to touch. */
    private final Uses uses = Uses.none();

    private final ArithmeticEmitter arithmetic;
    private final MemoryEmitter memory;
    private final AtomicEmitter atomics;
    private final CallEmitter calls;
    private final Map<Integer, Label> labels = new HashMap<>();
    /** Jumps out of the chunk, by target. */
    private final Map<Integer, Label> leaving = new HashMap<>();

    private final Map<Integer, CountedLoop> loops = new HashMap<>();
    /** Where the fast forms of loops begin, by their headers. */
    private final Map<Integer, Label> before = new HashMap<>();

    MethodEmitter(Unit unit, CompiledFunction function, Chunk chunk, CodeBuilder code) {
        this.unit = unit;
        this.function = function;
        this.chunk = chunk;
        this.whole = function.isWhole();
        this.code = code;
        this.signature = function.signature(chunk);
        this.locals = new Locals(signature, function.stackSlots().all());
        this.arithmetic = new ArithmeticEmitter(locals, uses, code);
        this.memory = new MemoryEmitter(unit, function, signature, locals, uses, code);
        this.atomics = new AtomicEmitter(unit, locals, memory, code);
        this.calls = new CallEmitter(
                unit,
                function,
                signature,
                locals,
                new StackEmitter(function, locals, memory, code),
                uses,
                code,
                this::endFunction);
    }

    void emit() {
        findLoops();
        prologue();
        var slots = function.code();
        for (int slot = slots.next(chunk.from()); slot >= 0 && slot < chunk.to(); slot = slots.next(slot + 1)) {
            var loop = loops.get(slot);
            if (loop != null) {
                code.labelBinding(entry(slot));
                new LoopEmitter(unit, function.code(), locals, code, this::emit).emit(loop);
            }
            if (labels.containsKey(slot) || isEntry(slot)) {
                code.labelBinding(label(slot));
            }
            var instruction = unit.program().instructions().get(slot);
            emit(slot, instruction);
            int next = slot + Instruction.size(instruction);
            if (fallsThrough(instruction) && (slots.next(slot + 1) != next || !chunk.contains(next))) {
                jump(slot, next);
            }
        }
        leaving.forEach((target, label) -> {
            code.labelBinding(label);
            if (signature.isLink()) {
                callLink(target);
            } else {
                keepRegisters(target);
                code.loadConstant(target).ireturn();
            }
        });
        function.found(chunk, uses);
    }

    /** Loops that are written twice, by their headers. */
    private void findLoops() {
        if (unit.plan().isEmpty()) {
            return;
        }
        var slots = function.code();
        for (int slot = slots.next(chunk.from()); slot >= 0 && slot < chunk.to(); slot = slots.next(slot + 1)) {
            CountedLoop.at(unit, function.code(), chunk, slot).ifPresent(loop -> loops.put(loop.header(), loop));
        }
    }

    private static boolean fallsThrough(Instruction instruction) {
        return !(instruction instanceof Jump) && !(instruction instanceof Exit);
    }

    private boolean isEntry(int slot) {
        return function.code().isTarget(slot) || (!whole && function.isEntry(slot));
    }

    // ---- begin and end ----

    private void prologue() {
        var needed = function.uses(chunk);
        for (int r = 0; r < FRAME_POINTER; r++) {
            if (!signature.passes(r) && (!whole || isRead(r))) {
                initialise(r);
            }
        }
        if (needed.framePointer) {
            framePointer();
        }
        memory.prologue(needed);
        for (var part : function.stackSlots().all()) {
            if (signature.part(part) < 0) {
                code.lconst_0().lstore(locals.part(part));
            }
        }
        if (!whole) {
            dispatch();
        }
    }

    /** Whether a register may be read before it is written; legacy packet access writes some that stay as they are. */
    private boolean isRead(int register) {
        return (function.code().liveAt(chunk.from()) & 1 << register) != 0
                || unit.plan().isEmpty()
                || function.code().hasPacketAccess();
    }

    private void initialise(int register) {
        if (!whole) {
            run().loadConstant(register)
                    .invokestatic(Constants.SUPPORT, "register", MethodTypeDesc.of(CD_long, RUN, CD_int));
        } else {
            initial(unit, signature, register, code);
        }
        code.lstore(locals.register(register));
    }

    /** Pushes what a register that is no parameter of a function holds when it begins. */
    static void initial(Unit unit, Signature signature, int register, CodeBuilder code) {
        if (register == 2 && signature.isEntry() && unit.run() != RunUse.NONE) {
            code.aload(Locals.RUN).invokestatic(Constants.SUPPORT, "secondArgument", MethodTypeDesc.of(CD_long, RUN));
        } else {
            code.loadConstant(register == 1 && signature.isEntry() ? Addresses.CONTEXT : 0L);
        }
    }

    private void framePointer() {
        if (unit.run() != RunUse.NONE && !signature.isEntry()) {
            code.aload(Locals.RUN).invokestatic(Constants.SUPPORT, "framePointer", MethodTypeDesc.of(CD_long, RUN));
        } else {
            code.loadConstant(Addresses.framePointer(0));
        }
        code.lstore(locals.register(FRAME_POINTER));
    }

    /** Goes to the slot at which the chunk is entered. */
    private void dispatch() {
        var cases = function.entries(chunk).stream()
                .map(slot -> java.lang.classfile.instruction.SwitchCase.of(slot, entry(slot)))
                .toList();
        if (cases.size() > 1) {
            code.iload(Locals.ENTRY).lookupswitch(entry(chunk.from()), cases);
        } else if (cases.size() == 1 && cases.getFirst().caseValue() != chunk.from()) {
            code.goto_(entry(cases.getFirst().caseValue()));
        }
    }

    /** Ends the function with the value on the JVM's stack. */
    private void endFunction() {
        if (whole || signature.isLink()) {
            code.lreturn();
        } else {
            code.lstore(locals.scratch);
            keep(0, locals.scratch);
            code.loadConstant(ENDED).ireturn();
        }
    }

    private void keep(int register, int local) {
        run().loadConstant(register)
                .lload(local)
                .invokestatic(Constants.SUPPORT, "register", MethodTypeDesc.of(CD_void, RUN, CD_int, CD_long));
    }

    /** Ends with what the part of the function gives that a slot is in. */
    private void callLink(int target) {
        code.aload(Locals.RUN).loadConstant(target);
        for (int r = 0; r < Signature.ALL; r++) {
            if ((function.code().liveAt(target) & 1 << r) != 0) {
                code.lload(locals.register(r));
            } else {
                code.lconst_0();
            }
        }
        signature.forward(code);
        signature.parts().forEach(part -> code.lload(locals.part(part)));
        int start = function.code().start();
        unit.home().call(code, unit.chunkName(start, function.chunkOf(target).from()), signature.type());
        code.lreturn();
    }

    private void keepRegisters(int target) {
        for (int r = 0; r < FRAME_POINTER; r++) {
            if ((function.code().liveAt(target) & 1 << r) != 0) {
                keep(r, locals.register(r));
            }
        }
    }

    // ---- jumps ----

    private Label label(int slot) {
        return labels.computeIfAbsent(slot, _ -> code.newLabel());
    }

    /** Where a slot is entered that is not a loop's header, or by a jump from outside of that loop. */
    private Label entry(int slot) {
        return loops.containsKey(slot) ? before.computeIfAbsent(slot, _ -> code.newLabel()) : label(slot);
    }

    private Label destination(int from, int slot) {
        if (!chunk.contains(slot)) {
            return leaving.computeIfAbsent(slot, _ -> code.newLabel());
        }
        var loop = loops.get(slot);
        return loop != null && from >= slot && from <= loop.last() ? label(slot) : entry(slot);
    }

    private void jump(int from, int slot) {
        if (slot >= unit.program().instructions().size()) {
            unit.constants().push(code, unit.pastTheEnd(), ProgramFault.class);
            code.athrow();
        } else {
            code.goto_(destination(from, slot));
        }
    }

    private CodeBuilder run() {
        uses.run(RunUse.BRIEF);
        return code.aload(Locals.RUN);
    }

    private CodeBuilder register(int number) {
        uses.framePointer |= number == FRAME_POINTER;
        return locals.load(code, number);
    }

    // ---- instructions ----

    private void emit(int slot, Instruction instruction) {
        if (slot < MOST_LINES) {
            code.lineNumber(slot + 1);
        }
        switch (instruction) {
            case Alu i -> arithmetic.alu(i);
            case Load i -> memory.load(slot, i);
            case Store i -> memory.store(slot, i);
            case JumpIf i -> jumpIf(slot, i);
            case Jump i -> {
                spend(slot, i.offset());
                jump(slot, slot + 1 + i.offset());
            }
            case Call i -> calls.helper(slot, i);
            case LoadImmediate i -> constant(i.dst(), i.value());
            case LoadMap i -> constant(i.dst(), Addresses.map(i.map()));
            case LoadMapValue i -> constant(i.dst(), Addresses.mapValues(i.map()) + i.offset());
            case LoadFunction i -> constant(i.dst(), Addresses.function(slot + 1 + i.offset()));
            case MoveSignExtended i -> arithmetic.moveSignExtended(i);
            case Negate i -> arithmetic.negate(i);
            case ByteSwap i -> arithmetic.byteSwap(i);
            case Atomic i -> atomics.atomic(slot, i);
            case CallLocal i -> calls.local(slot, i);
            case CallRegister i -> calls.register(slot, i);
            case LoadPacket i -> calls.loadPacket(i);
            case Exit _ -> {
                calls.unlocked(slot);
                register(0);
                endFunction();
            }
            case WideTail _ -> throw new IllegalStateException("insn " + slot + ": the second slot of a wide one");
        }
    }

    private void constant(int register, long value) {
        code.loadConstant(value).lstore(locals.register(register));
    }

    /** A program that was not verified pays for its loops. */
    private void spend(int slot, int offset) {
        if (unit.plan().isEmpty() && offset < 0) {
            run().loadConstant(-offset)
                    .loadConstant(slot)
                    .invokestatic(Constants.SUPPORT, "spend", MethodTypeDesc.of(CD_void, RUN, CD_int, CD_int));
        }
    }

    // ---- conditions ----

    private void jumpIf(int slot, JumpIf i) {
        spend(slot, i.offset());
        int target = slot + 1 + i.offset();
        if (target >= unit.program().instructions().size()) {
            throw new IllegalStateException("insn " + slot + ": target " + target + " was checked before");
        }
        var label = destination(slot, target);
        if (i.width() == Width.W64) {
            arithmetic.push64(new Register(i.left()));
            arithmetic.push64(i.right());
        } else {
            arithmetic.push32(new Register(i.left()));
            arithmetic.push32(i.right());
        }
        switch (i.condition()) {
            case EQ -> compare(i, Opcode.IFEQ, Opcode.IF_ICMPEQ, label);
            case NE -> compare(i, Opcode.IFNE, Opcode.IF_ICMPNE, label);
            case GT -> compareUnsigned(i, Opcode.IFGT, label);
            case GE -> compareUnsigned(i, Opcode.IFGE, label);
            case LT -> compareUnsigned(i, Opcode.IFLT, label);
            case LE -> compareUnsigned(i, Opcode.IFLE, label);
            case SGT -> compare(i, Opcode.IFGT, Opcode.IF_ICMPGT, label);
            case SGE -> compare(i, Opcode.IFGE, Opcode.IF_ICMPGE, label);
            case SLT -> compare(i, Opcode.IFLT, Opcode.IF_ICMPLT, label);
            case SLE -> compare(i, Opcode.IFLE, Opcode.IF_ICMPLE, label);
            case SET -> {
                if (i.width() == Width.W64) {
                    code.land().lconst_0().lcmp();
                } else {
                    code.iand();
                }
                code.branch(Opcode.IFNE, label);
            }
        }
    }

    private void compare(JumpIf i, Opcode wide, Opcode narrow, Label label) {
        if (i.width() == Width.W64) {
            code.lcmp().branch(wide, label);
        } else {
            code.branch(narrow, label);
        }
    }

    private void compareUnsigned(JumpIf i, Opcode jump, Label label) {
        if (i.width() == Width.W64) {
            code.invokestatic(
                    Descriptors.of(Long.class), "compareUnsigned", MethodTypeDesc.of(CD_int, CD_long, CD_long));
        } else {
            code.invokestatic(
                    Descriptors.of(Integer.class), "compareUnsigned", MethodTypeDesc.of(CD_int, CD_int, CD_int));
        }
        code.branch(jump, label);
    }
}

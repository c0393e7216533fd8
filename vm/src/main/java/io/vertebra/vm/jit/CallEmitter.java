package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.HelperContext;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.isa.Instruction.Call;
import io.vertebra.vm.isa.Instruction.CallLocal;
import io.vertebra.vm.isa.Instruction.CallRegister;
import io.vertebra.vm.isa.Instruction.LoadPacket;
import io.vertebra.vm.jit.StackSlots.Part;
import io.vertebra.vm.program.MapSpec;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Writes calls: of helpers, which HotSpot inlines because they are constants, of subprograms, and lookups in known maps. */
final class CallEmitter {

    private static final ClassDesc RUN = Descriptors.of(RunContext.class);
    private static final MethodTypeDesc BODY = MethodTypeDesc.of(
            CD_long, Descriptors.of(HelperContext.class), CD_long, CD_long, CD_long, CD_long, CD_long);

    private final Unit unit;
    private final CompiledFunction function;
    private final Signature signature;
    private final Locals locals;
    private final StackEmitter stack;
    private final Uses uses;
    private final CodeBuilder code;
    /** Ends the function with the value on the JVM's stack. */
    private final Runnable endFunction;

    private final LinkedCalls linked;

    CallEmitter(
            Unit unit,
            CompiledFunction function,
            Signature signature,
            Locals locals,
            StackEmitter stack,
            Uses uses,
            CodeBuilder code,
            Runnable endFunction) {
        this.unit = unit;
        this.function = function;
        this.signature = signature;
        this.locals = locals;
        this.stack = stack;
        this.uses = uses;
        this.code = code;
        this.endFunction = endFunction;
        this.linked = new LinkedCalls(unit, function, locals, stack, uses, code);
    }

    private CodeBuilder run() {
        uses.run(RunUse.FULL);
        return code.aload(Locals.RUN);
    }

    private CodeBuilder arguments() {
        for (int r = 1; r <= Signature.ARGUMENTS; r++) {
            code.lload(locals.register(r));
        }
        return code;
    }

    private void result() {
        code.lstore(locals.register(0));
    }

    /** Ends the function when the run ended, or goes on in another program. */
    private void endIfInterrupted() {
        Label goOn = code.newLabel();
        run().invokestatic(Constants.SUPPORT, "interrupted", MethodTypeDesc.of(CD_boolean, RUN))
                .ifeq(goOn);
        run().invokestatic(Constants.SUPPORT, "finish", MethodTypeDesc.of(CD_long, RUN));
        endFunction.run();
        code.labelBinding(goOn);
    }

    void helper(int slot, Call call) {
        var body = unit.bodies().get(slot);
        var prototype = unit.helpers().prototype(call.helper());
        var origins = function.origins().before(slot);
        if (linked.helper(slot, origins)) {
            return;
        }
        var parts = new ArrayList<Part>();
        var changed = new ArrayList<Part>();
        prototype.ifPresent(p -> touched(p, origins, parts, changed));
        stack.flush(parts);
        if (prototype.stream().anyMatch(p -> p.arguments().contains(Argument.CONTEXT))) {
            run().loadConstant(1)
                    .lload(locals.register(1))
                    .invokestatic(Constants.SUPPORT, "register", MethodTypeDesc.of(CD_void, RUN, CD_int, CD_long));
        }
        run().loadConstant(slot)
                .loadConstant(call.helper())
                .invokestatic(Constants.SUPPORT, "calls", MethodTypeDesc.of(CD_void, RUN, CD_int, CD_int));
        unit.constants().push(code, body, Helper.Body.class);
        run();
        arguments().invokeinterface(Descriptors.of(Helper.Body.class), "call", BODY);
        result();
        stack.reload(changed);
        endIfInterrupted();
    }

    /** The parts of the stack that a helper may read, and among them those that it may change. */
    private void touched(HelperPrototype prototype, Origin[] origins, List<Part> parts, List<Part> changed) {
        var map = origins[prototype.arguments().indexOf(Argument.MAP) + 1];
        for (int index = 0; index < prototype.arguments().size(); index++) {
            if (!(origins[index + 1] instanceof Origin.Stack(long from))) {
                continue;
            }
            var argument = prototype.arguments().get(index);
            var reached = switch (argument) {
                case MAP_KEY -> range(from, map instanceof Origin.MapObject(int m) ? spec(m).keySize() : 0);
                case MAP_VALUE -> range(from, map instanceof Origin.MapObject(int m) ? spec(m).valueSize() : 0);
                case READABLE, READABLE_OR_NULL, WRITABLE ->
                    range(from, origins[index + 2] instanceof Origin.Constant(long bytes) ? bytes : 0);
                default -> function.stackSlots().all();
            };
            parts.addAll(reached);
            switch (argument) {
                case MAP_KEY, MAP_VALUE, READABLE, READABLE_OR_NULL -> {}
                default -> changed.addAll(reached);
            }
        }
    }

    private MapSpec spec(int map) {
        return unit.maps().get(map).spec();
    }

    /** The parts in a range; all of them when its size is not known (0). */
    private List<Part> range(long from, long bytes) {
        return bytes <= 0 ? function.stackSlots().all() : function.stackSlots().overlapping(from, from + bytes);
    }

    void local(int slot, CallLocal call) {
        unlocked(slot);
        boolean frames = unit.run() != RunUse.NONE;
        if (frames) {
            uses.run(RunUse.BRIEF);
            code.aload(Locals.RUN)
                    .loadConstant(slot)
                    .invokestatic(Constants.SUPPORT, "enterFrame", MethodTypeDesc.of(CD_void, RUN, CD_int));
        }
        int start = slot + 1 + call.offset();
        code.aload(Locals.RUN);
        arguments();
        signature.forward(code);
        unit.home().call(code, unit.functionName(start), unit.function(start).type());
        result();
        if (frames) {
            code.aload(Locals.RUN).invokestatic(Constants.SUPPORT, "leaveFrame", MethodTypeDesc.of(CD_void, RUN));
        }
        if (unit.run() == RunUse.FULL) {
            endIfInterrupted();
        }
    }

    /** A program that was not verified may hold a lock where it must not. */
    void unlocked(int slot) {
        if (unit.plan().isEmpty()) {
            run().loadConstant(slot)
                    .invokestatic(Constants.SUPPORT, "unlocked", MethodTypeDesc.of(CD_void, RUN, CD_int));
        }
    }

    void register(int slot, CallRegister call) {
        run();
        unit.constants().push(code, unit.helpers(), Helpers.class);
        code.lload(locals.register(call.register())).loadConstant(slot);
        arguments()
                .invokestatic(
                        Constants.SUPPORT,
                        "callHelper",
                        MethodTypeDesc.of(
                                CD_long,
                                RUN,
                                Descriptors.of(Helpers.class),
                                CD_long,
                                CD_int,
                                CD_long,
                                CD_long,
                                CD_long,
                                CD_long,
                                CD_long));
        result();
        endIfInterrupted();
    }

    void loadPacket(LoadPacket load) {
        run().loadConstant(load.size().bytes());
        if (load.index() < 0) {
            code.loadConstant((long) load.offset());
        } else {
            code.lload(locals.register(load.index()))
                    .l2i()
                    .i2l()
                    .loadConstant((long) load.offset())
                    .ladd();
        }
        code.invokestatic(Constants.SUPPORT, "loadPacket", MethodTypeDesc.of(CD_long, RUN, CD_int, CD_long));
        result();
        endIfInterrupted();
    }
}

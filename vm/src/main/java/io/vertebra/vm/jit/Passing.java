package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.jit.Dispatch.Target;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Writes the methods that pass control to the chunks of a divided function. */
final class Passing {

    private static final ClassDesc RUN = Descriptors.of(RunContext.class);

    private final Unit unit;
    private final CompiledFunction function;
    private final int start;
    private final Signature signature;

    Passing(Unit unit, CompiledFunction function) {
        this.unit = unit;
        this.function = function;
        this.start = function.code().start();
        this.signature = unit.function(start);
    }

    /** The function's own method, and those that it needs besides the chunks. */
    List<GeneratedMethod> methods() {
        return function.isLinked() ? List.of(first()) : passing();
    }

    /** Calls the first chunk, which calls those after it. */
    private GeneratedMethod first() {
        var first = function.signature(function.chunks().getFirst());
        return GeneratedMethod.measured(unit.functionName(start), signature.type(), (home, code) -> {
            code.aload(Locals.RUN).loadConstant(start);
            for (int r = 0; r < Signature.ALL; r++) {
                argument(code, r);
            }
            signature.forward(code);
            first.parts().forEach(_ -> code.lconst_0());
            home.call(code, unit.chunkName(start, function.chunkOf(start).from()), first.type());
            code.lreturn();
        });
    }

    private void argument(CodeBuilder code, int register) {
        if (signature.passes(register)) {
            code.lload(signature.register(register));
        } else {
            MethodEmitter.initial(unit, signature, register, code);
        }
    }

    /** Call chunk after chunk until one says that the function has ended. */
    private List<GeneratedMethod> passing() {
        var methods = new ArrayList<GeneratedMethod>();
        var chunk = Signature.chunk(unit.direct());
        var chunks = function.chunks().stream()
                .map(c -> new Target(c.from(), unit.chunkName(start, c.from()), false))
                .toList();
        var targets = Dispatch.reduced(chunks, chunk.type(), (some, end) -> {
            int from = some.getFirst().from();
            var name = unit.functionName(start) + "pass" + methods.size();
            methods.add(GeneratedMethod.measured(name, chunk.type(), (home, code) -> {
                passOn(home, code, some, chunk, Locals.ENTRY);
                // On to the next chunk while it is one of these.
                Label out = code.newLabel();
                code.iload(Locals.ENTRY).loadConstant(from).if_icmplt(out);
                code.iload(Locals.ENTRY).loadConstant(end).if_icmplt(code.startLabel());
                code.labelBinding(out).iload(Locals.ENTRY).ireturn();
            }));
            return new Target(from, name, true);
        });
        methods.add(GeneratedMethod.measured(unit.functionName(start), signature.type(), (home, code) -> {
            keepArguments(code);
            int slot = code.allocateLocal(TypeKind.INT);
            code.loadConstant(start).istore(slot);
            Label next = code.newBoundLabel();
            passOn(home, code, targets, signature, slot);
            code.iload(slot).ifge(next);
            code.aload(Locals.RUN)
                    .iconst_0()
                    .invokestatic(Constants.SUPPORT, "register", MethodTypeDesc.of(CD_long, RUN, CD_int))
                    .lreturn();
        }));
        return methods;
    }

    /** Calls the chunk that a slot is in, and keeps the slot that it gives. */
    private static void passOn(Home home, CodeBuilder code, List<Target> targets, Signature caller, int slot) {
        var type = Signature.chunk(caller.direct()).type();
        Label called = code.newLabel();
        Dispatch.choose(code, slot, targets, target -> {
            code.aload(Locals.RUN).iload(slot);
            caller.forward(code);
            home.call(code, target.name(), type);
            code.goto_(called);
        });
        code.labelBinding(called).istore(slot);
    }

    private void keepArguments(CodeBuilder code) {
        for (int r = 1; r <= Signature.ARGUMENTS; r++) {
            code.aload(Locals.RUN).loadConstant(r);
            argument(code, r);
            code.invokestatic(Constants.SUPPORT, "register", MethodTypeDesc.of(CD_void, RUN, CD_int, CD_long));
        }
    }
}

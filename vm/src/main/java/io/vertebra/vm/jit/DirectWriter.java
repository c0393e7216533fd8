package io.vertebra.vm.jit;

import io.vertebra.vm.exec.RunContext;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import java.util.Optional;

/** Writes {@link io.vertebra.vm.exec.DirectCode}: the functions with the context as parameters, and the way in. */
final class DirectWriter {

    private static final String NAME = "direct";
    private static final ClassDesc RUN = Descriptors.of(RunContext.class);
    private static final ClassDesc EXECUTABLE = ClassWriter.EXECUTABLE;
    private static final ClassDesc THROWABLE = ConstantDescs.CD_Throwable;

    private final Unit unit;
    private final Map<Integer, CompiledFunction> functions;

    private DirectWriter(Unit unit, Map<Integer, CompiledFunction> functions) {
        this.unit = unit;
        this.functions = functions;
    }

    /** The direct form of a verified program, without a run if possible; empty where parameters cannot be its context. */
    static Optional<DirectWriter> of(Unit unit, DirectForm form) {
        var starts = ContextFlow.functions(unit, form);
        if (starts.isEmpty()) {
            return Optional.empty();
        }
        var alone = unit.direct(form);
        var functions = new MethodWriter(alone).fitting(starts);
        if (functions.values().stream().noneMatch(CompiledFunction::usesRun)) {
            return Optional.of(new DirectWriter(alone, functions));
        }
        var running = unit.direct(form.withRun());
        return Optional.of(new DirectWriter(running, new MethodWriter(running).fitting(starts)));
    }

    /** Whether the code needs a run. */
    boolean usesRun() {
        return unit.hasRun();
    }

    /** The way in. */
    DirectMethodHandleDesc handle() {
        return MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, unit.owner(), NAME, type());
    }

    private MethodTypeDesc type() {
        return unit.function(0).type();
    }

    /** Writes the functions and the way in. */
    void methods(ClassBuilder builder) {
        functions.values().forEach(function -> new MethodWriter(unit).methods(builder, function));
        builder.withMethodBody(NAME, type(), ClassFile.ACC_STATIC, this::enter);
    }

    /** {@code enter(run); try { return leave(run, direct0(...)); } catch (Throwable t) { throw failed(run, t); }}. */
    private void enter(CodeBuilder code) {
        if (usesRun()) {
            self(code.aload(Locals.RUN))
                    .invokestatic(
                            Constants.SUPPORT, "enter", MethodTypeDesc.of(ConstantDescs.CD_void, RUN, EXECUTABLE));
        }
        code.trying(
                body -> {
                    body.aload(Locals.RUN);
                    unit.function(0).forward(body);
                    body.invokestatic(unit.owner(), unit.functionName(0), type());
                },
                handlers -> handlers.catchingAll(this::fail));
        if (usesRun()) {
            int result = code.allocateLocal(TypeKind.LONG);
            code.lstore(result)
                    .aload(Locals.RUN)
                    .lload(result)
                    .invokestatic(
                            Constants.SUPPORT,
                            "leave",
                            MethodTypeDesc.of(ConstantDescs.CD_long, RUN, ConstantDescs.CD_long));
        }
        code.lreturn();
    }

    private void fail(CodeBuilder code) {
        int thrown = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(thrown);
        if (usesRun()) {
            code.aload(Locals.RUN);
        } else {
            code.aconst_null();
        }
        self(code)
                .aload(thrown)
                .invokestatic(Constants.SUPPORT, "failed", MethodTypeDesc.of(THROWABLE, RUN, EXECUTABLE, THROWABLE))
                .athrow();
    }

    private CodeBuilder self(CodeBuilder code) {
        return code.getstatic(unit.owner(), ClassWriter.SELF, EXECUTABLE);
    }
}

package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.program.ContextLayout.Field;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Optional;

/** Writes {@link DirectCode}: the functions with the context as parameters, and the ways in. */
final class DirectWriter {

    private static final String NAME = "direct";
    private static final MethodTypeDesc ON_WORDS =
            Descriptors.method(long.class, RunContext.class, long[].class, int.class);
    private static final ClassDesc RUN = Descriptors.of(RunContext.class);
    private static final ClassDesc EXECUTABLE = ClassWriter.EXECUTABLE;
    private static final ClassDesc THROWABLE = ConstantDescs.CD_Throwable;

    private final Unit unit;
    private final List<MethodWriter.Written> functions;

    private DirectWriter(Unit unit, List<MethodWriter.Written> functions) {
        this.unit = unit;
        this.functions = functions;
    }

    /** The direct form of a verified program, without a run if possible; empty where parameters cannot be its context. */
    static Optional<DirectWriter> of(Unit unit, DirectForm form) {
        var starts = ContextFlow.functions(unit, form);
        if (starts.isEmpty()) {
            return Optional.empty();
        }
        var wanted = form;
        while (true) {
            var direct = unit.direct(wanted);
            var writer = new MethodWriter(direct);
            var functions = starts.stream().map(writer::function).toList();
            var use = functions.stream()
                    .map(written -> written.function().run())
                    .max(RunUse::compareTo)
                    .orElseThrow();
            if (use.compareTo(wanted.run()) <= 0) {
                return Optional.of(new DirectWriter(direct, functions));
            }
            wanted = wanted.with(use);
        }
    }

    /** Whether the code needs a run. */
    boolean usesRun() {
        return unit.run() != RunUse.NONE;
    }

    /** The way in. */
    DirectMethodHandleDesc handle(Home home) {
        return MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, home.owner(), NAME, type());
    }

    private MethodTypeDesc type() {
        return unit.function(0).type();
    }

    /** The functions. */
    List<GeneratedMethod> methods() {
        return functions.stream().flatMap(written -> written.methods().stream()).toList();
    }

    /** Writes the ways in, into the class of the executable. */
    void waysIn(Home home, ClassBuilder builder) {
        builder.withMethodBody(NAME, type(), ClassFile.ACC_STATIC, code -> enter(home, code));
        var form = unit.direct().orElseThrow();
        if (form.payload().isEmpty()) {
            builder.withInterfaceSymbols(Descriptors.of(DirectCode.OnWords.class));
            builder.withMethodBody("run", ON_WORDS, ClassFile.ACC_PUBLIC, code -> {
                code.aload(1);
                form.fields().forEach(field -> load(code, field));
                code.invokestatic(home.owner(), NAME, type()).lreturn();
            });
        }
    }

    /** {@code words[at + offset / 8] >>> 8 * (offset % 8)}, cut to the field's size: fields are aligned. */
    private static void load(CodeBuilder code, Field field) {
        int shift = field.offset() % Long.BYTES * Byte.SIZE;
        code.aload(2).iload(3).loadConstant(field.offset() / Long.BYTES).iadd().laload();
        if (shift > 0) {
            code.loadConstant(shift).lushr();
        }
        int bits = field.size() * Byte.SIZE;
        if (shift + bits < Long.SIZE) {
            code.loadConstant((1L << bits) - 1).land();
        }
    }

    /** {@code enter(run); try { return leave(run, direct0(...)); } catch (Throwable t) { throw failed(run, t); }}. */
    private void enter(Home home, CodeBuilder code) {
        switch (unit.run()) {
            case NONE -> {}
            case BRIEF -> {
                boolean reads = functions.stream()
                        .anyMatch(written -> written.function().reads());
                self(home, code.aload(Locals.RUN)).loadConstant(reads ? 1 : 0);
                support(code, "enterBriefly", CD_void, RUN, EXECUTABLE, CD_boolean);
            }
            case FULL -> support(self(home, code.aload(Locals.RUN)), "enter", CD_void, RUN, EXECUTABLE);
        }
        code.trying(
                body -> {
                    body.aload(Locals.RUN);
                    unit.function(0).forward(body);
                    home.call(body, unit.functionName(0), type());
                },
                handlers -> handlers.catchingAll(handler -> fail(home, handler)));
        if (usesRun()) {
            int result = code.allocateLocal(TypeKind.LONG);
            code.lstore(result).aload(Locals.RUN).lload(result);
            support(code, unit.run() == RunUse.BRIEF ? "leaveBriefly" : "leave", CD_long, RUN, CD_long);
        }
        code.lreturn();
    }

    private void fail(Home home, CodeBuilder code) {
        int thrown = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(thrown);
        if (usesRun()) {
            code.aload(Locals.RUN);
        }
        self(home, code).aload(thrown);
        switch (unit.run()) {
            case NONE -> support(code, "failedAlone", THROWABLE, EXECUTABLE, THROWABLE);
            case BRIEF -> support(code, "failedBriefly", THROWABLE, RUN, EXECUTABLE, THROWABLE);
            case FULL -> support(code, "failed", THROWABLE, RUN, EXECUTABLE, THROWABLE);
        }
        code.athrow();
    }

    private static void support(CodeBuilder code, String name, ClassDesc result, ClassDesc... parameters) {
        code.invokestatic(Constants.SUPPORT, name, MethodTypeDesc.of(result, parameters));
    }

    private static CodeBuilder self(Home home, CodeBuilder code) {
        return code.getstatic(home.owner(), ClassWriter.SELF, EXECUTABLE);
    }
}

package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.Program;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes the class of a program. HotSpot never compiles a method of more than {@link #HUGE} bytes, so what comes out too
 * long is divided, by what was measured, until every method is short enough.
 */
final class ClassWriter {

    /** {@code HugeMethodLimit}: longer methods stay in the JVM's interpreter for ever. */
    static final int HUGE = 8000;

    /** Instructions that hardly fit one method; more are not even tried as one. */
    private static final int MOST_IN_ONE = 4000;

    private static final int FIRST_TRY = 600;

    private final Unit unit;

    ClassWriter(Unit unit) {
        this.unit = unit;
    }

    /** The class file. */
    byte[] write() {
        var functions = new TreeMap<Integer, CompiledFunction>();
        for (int start : starts(unit.program())) {
            functions.put(start, fitting(CompiledFunction.whole(unit, start)));
        }
        return ClassFile.of().build(unit.owner(), builder -> {
            builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(Constants.SUPPORT);
            constructor(builder);
            entry(builder, functions.navigableKeySet());
            functions.values().forEach(function -> methods(builder, function));
            unit.constants().declare(builder);
        });
    }

    private static Set<Integer> starts(Program program) {
        var starts = new TreeSet<Integer>();
        starts.add(0);
        for (int slot = 0; slot < program.instructions().size(); slot++) {
            switch (program.instructions().get(slot)) {
                case Instruction.CallLocal i -> starts.add(slot + 1 + i.offset());
                case Instruction.LoadFunction i -> starts.add(slot + 1 + i.offset());
                default -> {}
            }
        }
        program.functions().forEach(f -> starts.add(f.start()));
        return starts;
    }

    /** The function, divided as much as it needs. */
    private CompiledFunction fitting(CompiledFunction function) {
        int instructions = function.code().slots().cardinality();
        if (instructions <= MOST_IN_ONE && longest(function) <= HUGE) {
            return function;
        }
        for (int most = Math.min(FIRST_TRY, instructions - 1); ; most /= 2) {
            var divided = function.divided(most);
            if (longest(divided) <= HUGE) {
                return divided;
            }
        }
    }

    /** Bytes of the longest method of a function. */
    private int longest(CompiledFunction function) {
        var trial = new ClassWriter(unit.trial());
        byte[] bytes = ClassFile.of().build(unit.owner(), builder -> trial.methods(builder, function));
        return ClassFile.of().parse(bytes).methods().stream()
                .flatMap(m -> m.code().stream())
                .mapToInt(c -> ((CodeAttribute) c).codeLength())
                .max()
                .orElse(0);
    }

    private void constructor(ClassBuilder builder) {
        var type = MethodTypeDesc.of(CD_void, Descriptors.of(Program.class), Descriptors.of(List.class), CD_long);
        builder.withMethodBody(
                INIT_NAME,
                type,
                ClassFile.ACC_PUBLIC,
                code -> code.aload(0)
                        .aload(1)
                        .aload(2)
                        .lload(3)
                        .invokespecial(Constants.SUPPORT, INIT_NAME, type)
                        .return_());
    }

    /** {@code call}: leads to the function that starts at a slot. */
    private void entry(ClassBuilder builder, Iterable<Integer> starts) {
        var type = Unit.FUNCTION.insertParameterTypes(1, CD_int);
        builder.withMethodBody("call", type, ClassFile.ACC_PROTECTED, code -> {
            var cases = new ArrayList<SwitchCase>();
            for (int start : starts) {
                cases.add(SwitchCase.of(start, code.newLabel()));
            }
            code.iload(2).lookupswitch(cases.getFirst().target(), cases);
            for (var c : cases) {
                code.labelBinding(c.target()).aload(1);
                for (int argument = 0; argument < 5; argument++) {
                    code.lload(3 + 2 * argument);
                }
                code.invokestatic(unit.owner(), Unit.functionName(c.caseValue()), Unit.FUNCTION)
                        .lreturn();
            }
        });
    }

    private void methods(ClassBuilder builder, CompiledFunction function) {
        int flags = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;
        String name = Unit.functionName(function.code().start());
        if (function.isWhole()) {
            builder.withMethodBody(
                    name,
                    Unit.FUNCTION,
                    flags,
                    code -> new MethodEmitter(unit, function, function.chunks().getFirst(), code).emit());
            return;
        }
        builder.withMethodBody(name, Unit.FUNCTION, flags, code -> passOn(code, function));
        for (var chunk : function.chunks()) {
            builder.withMethodBody(
                    Unit.chunkName(function.code().start(), chunk.from()),
                    Unit.CHUNK,
                    flags,
                    code -> new MethodEmitter(unit, function, chunk, code).emit());
        }
    }

    /** Calls chunk after chunk until one says that the function has ended. */
    private void passOn(CodeBuilder code, CompiledFunction function) {
        ClassDesc run = Descriptors.of(RunContext.class);
        for (int r = 1; r <= 5; r++) {
            code.aload(0)
                    .loadConstant(r)
                    .lload(2 * r - 1)
                    .invokestatic(Constants.SUPPORT, "register", MethodTypeDesc.of(CD_void, run, CD_int, CD_long));
        }
        int slot = code.allocateLocal(java.lang.classfile.TypeKind.INT);
        code.loadConstant(function.code().start()).istore(slot);
        Label next = code.newBoundLabel();
        Label end = code.newLabel();
        var cases = new ArrayList<SwitchCase>();
        for (var chunk : function.chunks()) {
            for (int entry : function.entries(chunk)) {
                cases.add(SwitchCase.of(entry, code.newLabel()));
            }
        }
        cases.sort((a, b) -> Integer.compare(a.caseValue(), b.caseValue()));
        code.iload(slot).lookupswitch(end, cases);
        for (var chunk : function.chunks()) {
            cases.stream().filter(c -> chunk.contains(c.caseValue())).forEach(c -> code.labelBinding(c.target()));
            code.aload(0)
                    .iload(slot)
                    .invokestatic(unit.owner(), Unit.chunkName(function.code().start(), chunk.from()), Unit.CHUNK)
                    .istore(slot)
                    .goto_(next);
        }
        code.labelBinding(end)
                .aload(0)
                .iconst_0()
                .invokestatic(Constants.SUPPORT, "register", MethodTypeDesc.of(CD_long, run, CD_int))
                .lreturn();
    }
}

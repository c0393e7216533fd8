package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.Program;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Writes the class of a program: a {@link io.vertebra.vm.exec.CompiledProgram} whose functions are static methods, and
 * the one instance of it, which exists once the class is initialised.
 */
final class ClassWriter {

    /** The field that holds the executable. */
    static final String SELF = "SELF";

    static final ClassDesc EXECUTABLE = Descriptors.of(Executable.class);

    private final Unit unit;
    private final long maxSteps;
    private final Optional<DirectForm> layout;

    /**
     * A writer.
     *
     * @param layout the context as parameters, when direct code is wanted
     */
    ClassWriter(Unit unit, long maxSteps, Optional<DirectForm> layout) {
        this.unit = unit;
        this.maxSteps = maxSteps;
        this.layout = layout;
    }

    /** The class file. */
    byte[] write() {
        try {
            return build();
        } catch (IllegalArgumentException e) {
            // The class file API's answer when the constant pool is full.
            throw new TooLongException(unit.program().instructions().size() + " instructions do not fit a class", e);
        }
    }

    private byte[] build() {
        var functions = new MethodWriter(unit).fitting(starts(unit.program()));
        var direct = layout.flatMap(form -> DirectWriter.of(unit, form));
        return ClassFile.of().build(unit.owner(), builder -> {
            builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(Constants.SUPPORT);
            constructor(builder, direct);
            entry(builder, functions.navigableKeySet());
            functions.values().forEach(function -> new MethodWriter(unit).methods(builder, function));
            direct.ifPresent(d -> d.methods(builder));
            self(builder);
            unit.constants().declare(builder, this::makeSelf);
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

    private void self(ClassBuilder builder) {
        builder.withField(SELF, EXECUTABLE, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
    }

    private void makeSelf(CodeBuilder code) {
        code.new_(unit.owner())
                .dup()
                .invokespecial(unit.owner(), INIT_NAME, ConstantDescs.MTD_void)
                .putstatic(unit.owner(), SELF, EXECUTABLE);
    }

    private void constructor(ClassBuilder builder, Optional<DirectWriter> direct) {
        var type = MethodTypeDesc.of(
                CD_void,
                Descriptors.of(Program.class),
                Descriptors.of(List.class),
                CD_long,
                CD_MethodHandle,
                CD_boolean);
        builder.withMethodBody(INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PRIVATE, code -> {
            code.aload(0);
            unit.constants().push(code, unit.program(), Program.class);
            unit.constants().push(code, unit.maps(), List.class);
            code.loadConstant(maxSteps);
            direct.ifPresentOrElse(
                    d -> code.loadConstant(d.handle()).loadConstant(d.usesRun() ? 1 : 0),
                    () -> code.aconst_null().iconst_0());
            code.invokespecial(Constants.SUPPORT, INIT_NAME, type).return_();
        });
    }

    /** {@code call}: leads to the function that starts at a slot. */
    private void entry(ClassBuilder builder, Iterable<Integer> starts) {
        var function = Signature.function(Optional.empty()).type();
        var type = function.insertParameterTypes(1, CD_int);
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
                code.invokestatic(unit.owner(), unit.functionName(c.caseValue()), function)
                        .lreturn();
            }
        });
    }
}

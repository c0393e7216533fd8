package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.jit.Dispatch.Target;
import io.vertebra.vm.program.Program;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Writes the classes of a program: a {@link io.vertebra.vm.exec.CompiledProgram} whose functions are static methods, with
 * the one instance of it, which exists once the class is initialised; and as many others as their methods need.
 */
final class ClassWriter {

    /** The field that holds the executable. */
    static final String SELF = "SELF";

    static final ClassDesc EXECUTABLE = Descriptors.of(Executable.class);

    /** Of 65,535 entries in a constant pool; the rest is for the class itself and for calls of other classes. */
    private static final int MOST_ENTRIES = 60_000;
    /** Each takes 15 bytes of the class's initialisation, which has 65,535. */
    private static final int MOST_CONSTANTS = 4_000;

    private static final String ENTER = "enter";

    /**
     * A class file.
     *
     * @param constants what its class data has to be
     * @param methods the names of the generated methods that others may call
     */
    record Written(byte[] bytes, Constants constants, Set<String> methods) {}

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

    /** The classes; the first is the executable's. */
    List<Written> write() {
        var methods = new ArrayList<GeneratedMethod>();
        var starts = starts(unit.program());
        var writer = new MethodWriter(unit);
        starts.forEach(start -> methods.addAll(writer.function(start).methods()));
        methods.addAll(entries(starts));
        var direct = layout.flatMap(form -> DirectWriter.of(unit, form));
        direct.ifPresent(d -> methods.addAll(d.methods()));
        var classes = new ArrayList<Written>();
        for (var some : divided(methods)) {
            classes.add(write(some, classes.isEmpty() ? (home, builder) -> executable(home, builder, direct) : null));
        }
        return classes;
    }

    /** The methods that go together, by what each takes alone, which is more than it takes beside others. */
    private static List<List<GeneratedMethod>> divided(List<GeneratedMethod> methods) {
        var classes = new ArrayList<List<GeneratedMethod>>();
        int entries = MOST_ENTRIES;
        int constants = 0;
        for (var method : methods) {
            entries += method.entries();
            constants += method.constants();
            if (entries > MOST_ENTRIES || constants > MOST_CONSTANTS) {
                classes.add(new ArrayList<>());
                entries = method.entries();
                constants = method.constants();
            }
            classes.getLast().add(method);
        }
        return classes;
    }

    private static Written write(List<GeneratedMethod> methods, BiConsumer<Home, ClassBuilder> more) {
        var names = methods.stream().map(GeneratedMethod::name).collect(Collectors.toUnmodifiableSet());
        var home = Home.of(names::contains);
        byte[] bytes = ClassFile.of().build(home.owner(), builder -> {
            builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(Constants.SUPPORT);
            methods.forEach(method -> method.write(builder, home));
            if (more == null) {
                home.constants().declare(builder, _ -> {});
            } else {
                more.accept(home, builder);
            }
        });
        return new Written(bytes, home.constants(), names);
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

    // ---- the executable ----

    private void executable(Home home, ClassBuilder builder, Optional<DirectWriter> direct) {
        constructor(home, builder, direct);
        call(home, builder);
        direct.ifPresent(d -> d.waysIn(home, builder));
        builder.withField(SELF, EXECUTABLE, ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL);
        home.constants().declare(builder, code -> makeSelf(home, code));
    }

    private static void makeSelf(Home home, CodeBuilder code) {
        code.new_(home.owner())
                .dup()
                .invokespecial(home.owner(), INIT_NAME, ConstantDescs.MTD_void)
                .putstatic(home.owner(), SELF, EXECUTABLE);
    }

    private void constructor(Home home, ClassBuilder builder, Optional<DirectWriter> direct) {
        var type = MethodTypeDesc.of(
                CD_void,
                Descriptors.of(Program.class),
                Descriptors.of(List.class),
                CD_long,
                CD_MethodHandle,
                CD_boolean);
        builder.withMethodBody(INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PRIVATE, code -> {
            code.aload(0);
            home.constants().push(code, unit.program(), Program.class);
            home.constants().push(code, unit.maps(), List.class);
            code.loadConstant(maxSteps);
            direct.ifPresentOrElse(
                    d -> code.loadConstant(d.handle(home)).loadConstant(d.usesRun() ? 1 : 0),
                    () -> code.aconst_null().iconst_0());
            code.invokespecial(Constants.SUPPORT, INIT_NAME, type).return_();
        });
    }

    // ---- the ways in ----

    private static MethodTypeDesc entryType() {
        return Signature.function(Optional.empty()).type().insertParameterTypes(1, CD_int);
    }

    /** {@code call}: leads to the function that starts at a slot. */
    private static void call(Home home, ClassBuilder builder) {
        builder.withMethodBody("call", entryType(), ClassFile.ACC_PROTECTED, code -> {
            code.aload(1).iload(2);
            for (int argument = 0; argument < Signature.ARGUMENTS; argument++) {
                code.lload(3 + 2 * argument);
            }
            home.call(code, ENTER, entryType());
            code.lreturn();
        });
    }

    /** What {@code call} calls: chooses the function. */
    private List<GeneratedMethod> entries(Set<Integer> starts) {
        var methods = new ArrayList<GeneratedMethod>();
        var functions = starts.stream()
                .map(start -> new Target(start, unit.functionName(start), false))
                .toList();
        var targets = Dispatch.reduced(functions, entryType(), (some, _) -> {
            var name = ENTER + methods.size();
            methods.add(entry(name, some));
            return new Target(some.getFirst().from(), name, true);
        });
        methods.add(entry(ENTER, targets));
        return methods;
    }

    private GeneratedMethod entry(String name, List<Target> targets) {
        return GeneratedMethod.measured(
                name,
                entryType(),
                (home, code) -> Dispatch.choose(code, 1, targets, target -> {
                    code.aload(0);
                    if (target.chooses()) {
                        code.iload(1);
                    }
                    for (int argument = 0; argument < Signature.ARGUMENTS; argument++) {
                        code.lload(2 + 2 * argument);
                    }
                    home.call(
                            code,
                            target.name(),
                            target.chooses()
                                    ? entryType()
                                    : unit.function(target.from()).type());
                    code.lreturn();
                }));
    }
}

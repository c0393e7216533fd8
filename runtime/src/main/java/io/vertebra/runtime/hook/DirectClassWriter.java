package io.vertebra.runtime.hook;

import static io.vertebra.runtime.hook.ArgumentBytecode.desc;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;

import io.vertebra.runtime.firing.DirectSink;
import io.vertebra.runtime.firing.ThreadCells;
import io.vertebra.vm.exec.DirectCode;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Writes the class that a hook's call site leads to while the codelets of one inline table have code that takes
 * arguments. Its static final fields are what HotSpot needs as constants to inline the codelets into the hook's caller.
 *
 * <p>{@code warm} links what a first event would otherwise wait for, on the attaching thread and before any event can come:
 * it fires at the table while that is not open, which counts and runs nothing, and calls a method handle that does nothing
 * where codelets' handles would be called. The codelet's own class is initialised by then; what its first run still links
 * is its access to memory.
 */
final class DirectClassWriter {

    static final String FIRE = "fire";
    static final String TIMED = "timed";
    static final String SLOTTED = "slotted";
    static final String WARM = "warm";

    /** Fields, beside {@link #code}. */
    static final String SINK = "SINK";

    static final String RUN = "RUN";
    static final String CELLS = "CELLS";
    static final String COUNTS = "COUNTS";
    static final String FAILURES = "FAILURES";
    private static final String NOTHING = "NOTHING";

    /**
     * All that the class file depends on, for one hook.
     *
     * @param codes which codelets have code
     * @param entry the type of that
     * @param limited whether a codelet has a limit that is asked before each run
     * @param stride of the cells, 0 without cells
     */
    record Form(List<Boolean> codes, List<Boolean> limited, MethodType entry, int stride) {}

    private record Constant(String name, Class<?> type, Object value) {}

    private final HookMethod hook;
    private final DirectSink sink;
    private final ClassDesc self;
    private final List<Constant> constants = new ArrayList<>();

    private DirectClassWriter(HookMethod hook, DirectSink sink, MethodHandle run, Class<?> beside) {
        this.hook = hook;
        this.sink = sink;
        this.self = ClassDesc.of(beside.getPackageName().isEmpty() ? "Fired" : beside.getPackageName() + ".Fired");
        constants.add(new Constant(SINK, DirectSink.class, sink));
        constants.add(new Constant(RUN, MethodHandle.class, run));
        sink.cells().ifPresent(cells -> {
            constants.add(new Constant(CELLS, ThreadCells.class, cells));
            constants.add(new Constant(COUNTS, long[].class, cells.counts));
            constants.add(new Constant(FAILURES, Throwable[].class, cells.failures));
        });
        for (int i = 0; i < sink.codes().size(); i++) {
            var direct = sink.codes().get(i);
            if (direct.isPresent()) {
                constants.add(
                        new Constant(code(i), MethodHandle.class, direct.get().entry()));
            }
        }
        constants.add(new Constant(NOTHING, MethodHandle.class, MethodHandles.empty(entry())));
    }

    /**
     * Defines the class.
     *
     * @param generated of a class in the hook interface's package
     * @param run runs a table that took this one's place: {@code (InlineSink, args) R}
     * @param written the class files of the hook that were written before
     */
    static Lookup define(
            HookMethod hook, DirectSink sink, MethodHandle run, Lookup generated, Map<Form, byte[]> written)
            throws IllegalAccessException {
        var writer = new DirectClassWriter(hook, sink, run, generated.lookupClass());
        var values = writer.constants.stream().map(Constant::value).toList();
        byte[] file = written.computeIfAbsent(writer.form(), _ -> writer.write());
        return generated.defineHiddenClassWithClassData(file, values, true);
    }

    /** The field with a codelet's code. */
    static String code(int codelet) {
        return "CODE" + codelet;
    }

    private MethodType entry() {
        return sink.codes().stream()
                .flatMap(Optional::stream)
                .map(DirectCode::entry)
                .findFirst()
                .orElseThrow()
                .type();
    }

    private Form form() {
        var codes = sink.codes().stream().map(Optional::isPresent).toList();
        var limited = IntStream.range(0, codes.size()).mapToObj(sink::limited).toList();
        return new Form(
                codes, limited, entry(), sink.cells().map(cells -> cells.stride).orElse(0));
    }

    private byte[] write() {
        var type = ArgumentBytecode.methodType(hook.method());
        var fired =
                new DirectBytecode(self, hook, sink, entry().describeConstable().orElseThrow());
        int helper = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;
        return ClassFile.of().build(self, builder -> {
            builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC);
            for (var constant : constants) {
                builder.withField(constant.name(), desc(constant.type()), helper | ClassFile.ACC_FINAL);
            }
            builder.withMethodBody(
                    ConstantDescs.CLASS_INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_STATIC, this::initialise);
            if (fired.marshals()) {
                var bytecode = new HookBytecode(self, 0, hook);
                builder.withMethodBody(HookBytecode.marshalName(0), bytecode.marshalType(), helper, bytecode::marshal);
            }
            if (sink.cells().isPresent()) {
                var cells = sink.cells().get();
                builder.withMethodBody(FIRE, type, helper, code -> fired.fire(code, cells.stride));
                builder.withMethodBody(TIMED, fired.timedType(), helper, fired::timed);
            }
            builder.withMethodBody(SLOTTED, type, helper, fired::slotted);
            builder.withMethodBody(WARM, ConstantDescs.MTD_void, helper, this::warm);
        });
    }

    private void initialise(CodeBuilder code) {
        for (int i = 0; i < constants.size(); i++) {
            var constant = constants.get(i);
            var type = desc(constant.type());
            code.loadConstant(DynamicConstantDesc.ofNamed(
                            ConstantDescs.BSM_CLASS_DATA_AT, ConstantDescs.DEFAULT_NAME, type, i))
                    .putstatic(self, constant.name(), type);
        }
        code.return_();
    }

    private void warm(CodeBuilder code) {
        var type = ArgumentBytecode.methodType(hook.method());
        for (var method : sink.cells().isPresent() ? List.of(FIRE, SLOTTED) : List.of(SLOTTED)) {
            type.parameterList().forEach(parameter -> pushZero(code, TypeKind.from(parameter)));
            pop(code.invokestatic(self, method, type), TypeKind.from(type.returnType()));
        }
        MethodTypeDesc entry = entry().describeConstable().orElseThrow();
        code.getstatic(self, NOTHING, CD_MethodHandle);
        entry.parameterList().forEach(parameter -> pushZero(code, TypeKind.from(parameter)));
        code.invokevirtual(CD_MethodHandle, "invokeExact", entry).pop2().return_();
    }

    private static void pushZero(CodeBuilder code, TypeKind kind) {
        switch (kind.asLoadable()) {
            case LONG -> code.lconst_0();
            case FLOAT -> code.fconst_0();
            case DOUBLE -> code.dconst_0();
            case REFERENCE -> code.aconst_null();
            default -> code.iconst_0();
        }
    }

    private static void pop(CodeBuilder code, TypeKind kind) {
        switch (kind.slotSize()) {
            case 0 -> {}
            case 1 -> code.pop();
            default -> code.pop2();
        }
    }
}

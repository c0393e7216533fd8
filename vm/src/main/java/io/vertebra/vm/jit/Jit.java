package io.vertebra.vm.jit;

import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.PayloadType;
import io.vertebra.vm.exec.ProgramCheck;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes programs executable by compiling them to JVM bytecode, which HotSpot makes native. Three steps: what is known of
 * each function and into which methods it goes ({@link CompiledFunction}), the code of each method ({@link MethodEmitter}),
 * and hidden classes ({@link ClassWriter}, {@link #define}). Stateless.
 */
public final class Jit {

    private static final System.Logger LOGGER = System.getLogger("io.vertebra.jit");
    private static final MethodHandles.Lookup HERE = MethodHandles.lookup();

    /**
     * The most that is compiled, a little more than the verifier looks at. A million instructions take 4 to 14 s on a busy
     * machine of two cores and a heap of 1 GB while they are compiled; 12 to 22 MB stay, metaspace included.
     */
    static final int MOST_INSTRUCTIONS = 1 << 20;

    private Jit() {}

    /**
     * Compiles a program that nothing was proved of: every pointer is checked as in the interpreter, and loops take from
     * the step budget.
     *
     * @param maps live maps, in the order of {@link Program#maps}
     * @param maxSteps about the most instructions that one run may execute
     * @throws ProgramFault when an instruction could never be executed: see {@link ProgramCheck}
     * @throws IllegalArgumentException when the maps are not those that the program names
     */
    public static Executable prepare(Program program, List<BpfMap> maps, Helpers helpers, long maxSteps) {
        return prepare(program, maps, helpers, maxSteps, Fallback.WARN);
    }

    /** The same, with what happens when the program cannot be compiled. */
    public static Executable prepare(
            Program program, List<BpfMap> maps, Helpers helpers, long maxSteps, Fallback fallback) {
        return compile(program, Optional.empty(), Optional.empty(), maps, helpers, maxSteps, fallback);
    }

    /**
     * Compiles a verified program.
     *
     * @param plan what verification proved of this very program
     * @param layout the context that it was verified for; with {@link ContextLayout#NONE} there is no
     *     {@link Executable#direct direct} code
     * @param maps live maps, in the order of {@link Program#maps}
     * @throws ProgramFault when an instruction could never be executed: see {@link ProgramCheck}
     * @throws IllegalArgumentException when the maps are not those that the program names
     */
    public static Executable compile(
            Program program, AccessPlan plan, ContextLayout layout, List<BpfMap> maps, Helpers helpers) {
        return compile(program, plan, layout, maps, helpers, Fallback.WARN);
    }

    /** The same, with what happens when the program cannot be compiled. */
    public static Executable compile(
            Program program,
            AccessPlan plan,
            ContextLayout layout,
            List<BpfMap> maps,
            Helpers helpers,
            Fallback fallback) {
        return compile(program, plan, layout, PayloadType.SEGMENT, maps, helpers, fallback);
    }

    /** The same, with the type of the payload that direct code gets. */
    public static Executable compile(
            Program program,
            AccessPlan plan,
            ContextLayout layout,
            PayloadType payload,
            List<BpfMap> maps,
            Helpers helpers,
            Fallback fallback) {
        var form = DirectForm.of(layout, payload);
        return compile(program, Optional.of(plan), form, maps, helpers, plan.maxSteps(), fallback);
    }

    /**
     * The bytecode of a verified program as text, below the eBPF instructions that it does.
     *
     * @param maps as for {@link #compile}: the code depends on them
     */
    public static String dump(
            Program program, AccessPlan plan, ContextLayout layout, List<BpfMap> maps, Helpers helpers) {
        var unit = unit(program, Optional.of(plan), maps, helpers);
        var form = DirectForm.of(layout, PayloadType.SEGMENT);
        return new ClassWriter(unit, plan.maxSteps(), form)
                .write().stream()
                        .map(written -> ClassText.of(program, written.bytes()))
                        .collect(Collectors.joining());
    }

    private static Executable compile(
            Program program,
            Optional<AccessPlan> plan,
            Optional<DirectForm> form,
            List<BpfMap> maps,
            Helpers helpers,
            long maxSteps,
            Fallback fallback) {
        var unit = unit(program, plan, maps, helpers);
        int instructions = program.instructions().size();
        if (instructions > MOST_INSTRUCTIONS) {
            var reason = instructions + " instructions, allowed are " + MOST_INSTRUCTIONS;
            return interpret(unit, maxSteps, fallback, reason, null);
        }
        try {
            return define(unit, new ClassWriter(unit, maxSteps, form).write());
        } catch (LinkageError e) {
            return interpret(unit, maxSteps, fallback, e.getMessage(), e);
        }
    }

    private static Executable interpret(Unit unit, long maxSteps, Fallback fallback, String reason, Throwable cause) {
        var problem = "program `" + unit.program().name() + "`: cannot be compiled: " + reason;
        switch (fallback) {
            case SILENT -> {}
            case WARN -> LOGGER.log(System.Logger.Level.WARNING, problem + ", it is interpreted");
            case FAIL -> throw new IllegalStateException(problem, cause);
        }
        return Interpreter.prepare(unit.program(), unit.maps(), unit.helpers(), maxSteps);
    }

    private static Unit unit(Program program, Optional<AccessPlan> plan, List<BpfMap> maps, Helpers helpers) {
        var bodies = Collections.unmodifiableList(Arrays.asList(ProgramCheck.check(program, helpers)));
        return new Unit(Home.trial(), program, plan, maps, helpers, bodies, Optional.empty());
    }

    private static Executable define(Unit unit, List<ClassWriter.Written> classes) {
        var links = new Links();
        try {
            var lookup = HERE;
            for (var written : classes.reversed()) {
                ClassDump.write(unit.program(), written.bytes());
                var data = written.constants().data(links);
                lookup = HERE.defineHiddenClassWithClassData(written.bytes(), data, true);
                links.add(written.methods(), lookup);
            }
            return (Executable) lookup.findStaticVarHandle(lookup.lookupClass(), ClassWriter.SELF, Executable.class)
                    .get();
        } catch (ExceptionInInitializerError e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw e;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("program `" + unit.program().name() + "`: " + e.getMessage(), e);
        }
    }
}

package io.vertebra.verifier.soundness;

import io.vertebra.verifier.analysis.Explorer;
import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.verifier.cfg.Structure;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.exec.RunView;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfPerfEventArray;
import io.vertebra.vm.map.BpfRingBuffer;
import io.vertebra.vm.program.FiredHook;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** An accepted program with maps of its own, ready to be run under the monitor. Belongs to one thread. */
final class Trial {

    private static final byte[] KEY = new byte[Long.BYTES];
    private static final FiredHook HOOK = FiredHook.of("test/event", Subject.CONTEXT, true, true, 5);

    private final Instrumented instrumented;
    private final List<BpfMap> maps;
    private final Monitor monitor;
    private final Coverage coverage;
    private final Executable executable;
    private final RunContext run;
    private final MemorySegment context = MemorySegment.ofArray(new long[Subject.CONTEXT_BYTES / Long.BYTES]);
    private final MemorySegment payload = MemorySegment.ofArray(new long[Input.MOST_PAYLOAD / Long.BYTES]);
    private final MemorySegment values;

    private Trial(Program program, Accepted accepted, Explored explored, RunContext run) {
        this.run = run;
        instrumented = Instrumented.of(program);
        maps = program.maps().stream().map(m -> BpfMap.create(m, 2)).toList();
        values = maps.get(Subject.ARRAY).values();
        coverage = new Coverage(program.instructions(), maps);
        var machine = new Machine(maps);
        var rules = new Rules(program.instructions(), Subject.CONTEXT, Subject.PROTOTYPES, machine, coverage);
        explored.close();
        monitor = new Monitor(
                program, instrumented, accepted.plan(), explored, machine, rules, coverage, new RunView(run));
        executable = Interpreter.prepare(
                instrumented.program(),
                maps,
                Subject.HELPERS.with(monitor.helper()),
                2 * accepted.plan().maxSteps() + 2);
        run.hook(HOOK).context(context, 0, Subject.CONTEXT_BYTES);
    }

    /** Whether the program is accepted without exploring more than so many instructions. */
    static boolean accepts(Program program, long limit) {
        return verify(program, new Explored(program.instructions().size(), limit, false))
                .isPresent();
    }

    private static Optional<Accepted> verify(Program program, Explored explored) {
        if (!Structure.check(program).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Explorer.explore(InnerMaps.added(program), Subject.PLATFORM, explored) instanceof Accepted a
                    ? Optional.of(a)
                    : Optional.empty();
        } catch (Explored.TooLong _) {
            return Optional.empty();
        }
    }

    /** A trial of a program, if it is accepted. */
    static Optional<Trial> of(Program program, long limit, RunContext run) {
        var explored = new Explored(program.instructions().size(), limit, true);
        return verify(program, explored).map(a -> new Trial(program, a, explored, run));
    }

    Coverage coverage() {
        return coverage;
    }

    /**
     * Runs the program once.
     *
     * @throws Counterexample when the run is not as the verifier says
     */
    void run(Input input) {
        input.writeContext(context);
        MemorySegment.copy(MemorySegment.ofArray(input.payload()), 0, payload, 0, input.payload().length);
        MemorySegment.copy(MemorySegment.ofArray(input.values()), 0, values, 0, input.values().length);
        if (input.flow().length > 0) {
            maps.get(Subject.HASH).update(KEY, input.flow(), BpfMap.ANY);
        } else {
            maps.get(Subject.HASH).delete(KEY);
        }
        ((BpfRingBuffer) maps.get(Subject.RING)).drain((_, _, _) -> {}, Integer.MAX_VALUE);
        ((BpfPerfEventArray) maps.get(Subject.PERF)).drain((_, _, _) -> {}, Integer.MAX_VALUE);
        run.payload(payload, 0, input.payload().length, true);
        monitor.begin(Addresses.PAYLOAD, input.payload().length);
        try {
            executable.run(run);
        } catch (ProgramFault fault) {
            throw new Counterexample(instrumented.original()[fault.slot()], fault.getMessage());
        }
    }
}

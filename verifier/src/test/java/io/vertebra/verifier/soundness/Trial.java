package io.vertebra.verifier.soundness;

import io.vertebra.verifier.analysis.Explorer;
import io.vertebra.verifier.cfg.Structure;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.exec.RunView;
import io.vertebra.vm.exec.TimerTask;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** An accepted program with maps of its own, ready to be run under the monitor. Belongs to one thread. */
final class Trial {

    private static final int SPIN_LOCK = 93;
    private static final int SPIN_UNLOCK = 94;
    private static final int MOST_TIMERS = 4;

    private final Instrumented instrumented;
    private final Monitor monitor;
    private final Coverage coverage;
    private final Executable executable;
    private final RunContext run;
    private final Surroundings surroundings;
    private final ArrayDeque<TimerTask> later = new ArrayDeque<>();

    private Trial(Program program, Accepted accepted, Explored explored, RunContext run) {
        this.run = run;
        var setting = Setting.of(program);
        instrumented = Instrumented.of(program);
        surroundings = new Surroundings(setting, run);
        var view = new RunView(run);
        var machine = new Machine(surroundings.maps(), Subject.specs(program), view);
        coverage = new Coverage(program, machine.specs);
        var rules = new Rules(program.instructions(), setting.context(), setting.prototypes(), machine, coverage);
        explored.close();
        monitor = new Monitor(program, instrumented, accepted.plan(), explored, machine, rules, coverage);
        var helpers = setting.helpers().with(monitor.helper());
        executable = Interpreter.prepare(
                instrumented.program(),
                surroundings.maps(),
                setting.isNative() ? helpers.with(locks(setting, view)) : helpers,
                2 * accepted.plan().maxSteps() + 2);
        run.timers((task, _) -> {
            later.add(task);
            return () -> later.remove(task);
        });
    }

    /** Helpers that lock nothing, because the probe is called while a lock is held; the rules follow what is locked. */
    private static List<Helper> locks(Setting setting, RunView view) {
        return List.of(SPIN_LOCK, SPIN_UNLOCK).stream()
                .map(id -> new Helper(setting.prototypes().get(id), (_, lock, _, _, _, _) -> {
                    view.requireLock(lock);
                    return 0;
                }))
                .toList();
    }

    /** Whether the program is accepted without exploring more than so many instructions. */
    static boolean accepts(Program program, long limit) {
        return verify(program, new Explored(program.instructions().size(), limit, false))
                .isPresent();
    }

    private static Optional<Accepted> verify(Program program, Explored explored) {
        if (!Structure.check(program).isEmpty() || !isLoadable(program)) {
            return Optional.empty();
        }
        try {
            return Explorer.explore(program, Setting.of(program).platform(), explored) instanceof Accepted a
                    ? Optional.of(a)
                    : Optional.empty();
        } catch (Explored.TooLong _) {
            return Optional.empty();
        }
    }

    /** What is never reached may be anything for the verifier, but executors know the helpers that they load. */
    private static boolean isLoadable(Program program) {
        var known = Setting.of(program).prototypes();
        return program.instructions().stream()
                .allMatch(i -> !(i instanceof Instruction.Call call) || known.containsKey(call.helper()));
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
     * Runs the program once, and then the callbacks of timers that it started.
     *
     * @throws Counterexample when a run is not as the verifier says
     */
    void run(Input input) {
        surroundings.place(input);
        later.clear();
        try {
            monitor.begin(Addresses.PAYLOAD, input.payload().length);
            executable.run(run);
            for (int i = 0; i < MOST_TIMERS && !later.isEmpty(); i++) {
                monitor.beginLater(Addresses.PAYLOAD, input.payload().length);
                later.remove().run(run);
            }
        } catch (ProgramFault fault) {
            throw new Counterexample(instrumented.original()[fault.slot()], fault.getMessage());
        }
    }
}

package io.vertebra.verifier.soundness;

import io.vertebra.verifier.Verifier;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.exec.TimerTask;
import io.vertebra.vm.helper.Helper;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.jit.Fallback;
import io.vertebra.vm.jit.Jit;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An accepted program, prepared in each way there is, each with maps of its own: interpreted, compiled by its plan, compiled
 * without one, and, where that exists, as code that takes the context as parameters. Belongs to one thread.
 */
final class Agreement {

    /** By setting: clocks, random numbers and stacks, which differ from run to run. */
    private static final Set<Integer> CHANGING = Set.of(5, 7, 27, 118, 125, 160, 208);

    private static final Set<Integer> CHANGING_OF_JBPF = Set.of(7, 8, 15);
    private static final int GET_STACK = 67;
    private static final int MOST_TIMERS = 4;

    private final Side interpreted;
    private final List<Side> others = new ArrayList<>();
    private final boolean direct;

    /** A program that is accepted. */
    Agreement(Program program) {
        var setting = Setting.of(program);
        var helpers = helpers(setting);
        var plan = ((Accepted) Verifier.verify(program, setting.platform())).plan();
        interpreted =
                new Side("interpreted", program, maps -> Interpreter.prepare(program, maps, helpers, plan.maxSteps()));
        Preparation byPlan = maps -> Jit.compile(program, plan, setting.context(), maps, helpers, Fallback.FAIL);
        others.add(new Side("compiled by its plan", program, byPlan));
        // Without a plan only jumps back are counted, with all that they go back over.
        others.add(new Side(
                "compiled without a plan",
                program,
                maps -> Jit.prepare(program, maps, helpers, 100 * plan.maxSteps(), Fallback.FAIL)));
        direct = others.getFirst().executable.direct().isPresent();
        if (direct) {
            others.add(new Side("called directly", program, byPlan).directly());
        }
    }

    private static Helpers helpers(Setting setting) {
        var changing = setting.isNative() ? CHANGING : CHANGING_OF_JBPF;
        return setting.helpers()
                .with(setting.helpers().all().stream()
                        .filter(h -> changing.contains(h.prototype().id())
                                || (setting.isNative() && h.prototype().id() == GET_STACK))
                        .map(Agreement::steady)
                        .toList());
    }

    private static Helper steady(Helper helper) {
        boolean fills = helper.prototype().id() == GET_STACK;
        return new Helper(helper.prototype(), (run, _, memory, bytes, _, _) -> {
            if (fills) {
                run.memory(memory, bytes, true).fill((byte) 0);
            }
            return helper.prototype().id();
        });
    }

    /** Whether there is code that takes the context as parameters. */
    boolean isDirect() {
        return direct;
    }

    /**
     * Runs the program each way.
     *
     * @throws Counterexample when one gives or leaves what the interpreter does not
     */
    void run(Input input) {
        var expected = interpreted.run(input);
        for (var side : others) {
            var result = side.run(input);
            if (!result.equals(expected)) {
                throw new Counterexample(
                        0,
                        side.name + ": " + differing(result, expected) + "\ninterpreted: "
                                + differing(expected, result));
            }
        }
    }

    /** The lines that others do not have. */
    private static String differing(String text, String other) {
        var lines = new ArrayList<>(text.lines().toList());
        lines.removeAll(other.lines().toList());
        return String.join("\n    ", lines);
    }

    private interface Preparation {
        Executable prepare(List<BpfMap> maps);
    }

    /** One way to run a program. */
    private static final class Side {
        private final String name;
        private final Executable executable;
        private final RunContext run = new RunContext(0, 0);
        private final Surroundings surroundings;
        private final ArrayDeque<TimerTask> later = new ArrayDeque<>();
        private Optional<DirectCode> direct = Optional.empty();

        Side(String name, Program program, Preparation preparation) {
            this.name = name;
            surroundings = new Surroundings(Setting.of(program), run);
            executable = prepare(preparation);
            run.timers((task, _) -> {
                later.add(task);
                return () -> later.remove(task);
            });
        }

        private Executable prepare(Preparation preparation) {
            try {
                return preparation.prepare(surroundings.maps());
            } catch (RuntimeException | LinkageError e) {
                throw failed("cannot be prepared", e);
            }
        }

        private Counterexample failed(String what, Throwable cause) {
            return new Counterexample(0, name + ": " + what + ": " + cause);
        }

        Side directly() {
            direct = executable.direct();
            return this;
        }

        String run(Input input) {
            surroundings.place(input);
            later.clear();
            var result = new StringBuilder();
            try {
                result.append("r0 ").append(Long.toHexString(result()));
                for (int i = 0; i < MOST_TIMERS && !later.isEmpty(); i++) {
                    result.append("\ntimer ").append(later.remove().run(run));
                }
            } catch (ProgramFault fault) {
                result.append("fault ").append(fault.getMessage());
            }
            return result.append('\n').append(surroundings.contents()).toString();
        }

        private long result() {
            try {
                if (direct.isEmpty()) {
                    return executable.run(run);
                }
                return (long) direct.get()
                        .entry()
                        .invokeWithArguments(surroundings.arguments(direct.get().usesRun()));
            } catch (ProgramFault e) {
                throw e;
            } catch (Throwable e) {
                throw failed("fails", e);
            }
        }
    }
}

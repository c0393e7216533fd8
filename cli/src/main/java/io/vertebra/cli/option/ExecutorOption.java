package io.vertebra.cli.option;

import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.Executor;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.jit.Jit;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.Program;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that says who executes a program. */
public final class ExecutorOption {

    @Option(
            names = "--executor",
            paramLabel = "E",
            defaultValue = "interpreter",
            description = "Who executes, interpreter or jit; default: ${DEFAULT-VALUE}.")
    private String name;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * The executor.
     *
     * @throws ParameterException when there is none of that name
     */
    public Executor executor() {
        return switch (name) {
            case "interpreter" -> Interpreter::prepare;
            case "jit" -> Jit::prepare;
            default -> throw refused("is unknown, allowed are interpreter and jit");
        };
    }

    /**
     * Binds a program that was verified: to be compiled with what was proved of it, or to be interpreted.
     *
     * @throws ParameterException when there is no executor of that name
     */
    public Executable prepare(Program program, AccessPlan plan, List<BpfMap> maps, Helpers helpers) {
        return name.equals("jit")
                ? Jit.compile(program, plan, ContextLayout.NONE, maps, helpers)
                : executor().prepare(program, maps, helpers, plan.maxSteps());
    }

    private ParameterException refused(String reason) {
        return new ParameterException(command.commandLine(), "--executor " + name + " " + reason);
    }
}

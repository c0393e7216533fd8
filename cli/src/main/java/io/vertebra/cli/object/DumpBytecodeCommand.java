package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.jit.Jit;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.Program;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vertebra prog dump bytecode}. */
@Command(
        name = "bytecode",
        description = {
            "Show the JVM bytecode that a program is compiled to.",
            "",
            "The program is verified first: what was proved decides how its memory is accessed. Each instruction"
                    + " stands",
            "above the bytecode that does it."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  vertebra prog dump bytecode latency.bpf.o on_response"})
final class DumpBytecodeCommand implements Callable<Integer> {

    @Mixin
    private ProgramOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        var input = options.read();
        var program = options.program(input);
        var target = options.target(input, program);
        var text = Jit.dump(
                program,
                plan(program, target),
                target.platform().context(),
                ObjectMaps.create(input.file()),
                options.helpers(input.file(), (_, _) -> {}));
        spec.commandLine().getOut().println(text);
        return 0;
    }

    private static AccessPlan plan(Program program, Target target) throws CommandException {
        return switch (target.verify(program)) {
            case Accepted accepted -> accepted.plan();
            case Rejected rejected ->
                throw new CommandException("program `" + program.name() + "`: rejected by the verifier, "
                        + ReportPrinter.summary(rejected.findings().getFirst()) + "; `vertebra verify` tells more");
        };
    }
}

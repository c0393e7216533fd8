package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.Output;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vertebra inspect}. */
@Command(
        name = "inspect",
        description = "Show what is in an object file: sections, programs, maps, variables, types.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  vertebra inspect latency.bpf.o",
            "  vertebra inspect latency.bpf.o --disassemble    beside their C lines",
            "  vertebra inspect -p latency.bpf.o               JSON for people"
        })
public final class InspectCommand implements Callable<Integer> {

    @Mixin
    private ObjectOptions object;

    @Option(names = "--disassemble", description = "Print the instructions too, as they are linked.")
    private boolean disassemble;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        var input = object.read();
        var output = Output.of(spec);
        var out = spec.commandLine().getOut();
        if (output.json()) {
            output.print(out, ObjectJson.of(input, disassemble));
        } else {
            out.print(Output.printable(ObjectText.of(input, disassemble)));
            out.flush();
        }
        return 0;
    }
}

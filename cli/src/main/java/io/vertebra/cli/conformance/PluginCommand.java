package io.vertebra.cli.conformance;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.ExecutorOption;
import io.vertebra.cli.option.HexBytes;
import io.vertebra.vm.conformance.SuiteRunner;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.InstructionCodec;
import io.vertebra.vm.program.ProgramFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vertebra plugin}. */
@Command(
        name = "plugin",
        description = {
            "Be a plugin of the runner of bpf_conformance.",
            "",
            "Reads a program as hex from the standard input, runs it, and prints r0 as hex."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  echo 'b70000002a000000 9500000000000000' | vertebra plugin",
            "    runs two instructions",
            "  bpf_conformance_runner --test_file_directory tests --plugin_path plugin.sh",
            "    runs the suite, where plugin.sh has the line: exec vertebra plugin \"$@\""
        })
public final class PluginCommand implements Callable<Integer> {

    @Parameters(
            arity = "0..1",
            paramLabel = "HEXMEM",
            converter = HexBytes.Converter.class,
            description = "What r1 points to; r2 is its length.")
    private Optional<HexBytes> memory = Optional.empty();

    @Mixin
    private ExecutorOption executor;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException, IOException {
        var runner = new SuiteRunner(executor.executor());
        try {
            var code = InstructionCodec.decode(program(System.in));
            long result = runner.execute(code, memory.map(HexBytes::toArray).orElse(new byte[0]));
            spec.commandLine().getOut().println(Long.toHexString(result));
            return 0;
        } catch (ObjectFormatException | ProgramFault e) {
            throw new CommandException("program: " + e.getMessage(), e);
        }
    }

    private static byte[] program(InputStream in) throws CommandException, IOException {
        try {
            return HexBytes.parse(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            throw new CommandException("program: " + e.getMessage(), e);
        }
    }
}

package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.helper.TraceSink;
import io.vertebra.vm.object.ObjectFile;
import io.vertebra.vm.object.ObjectFile.Abi;
import io.vertebra.vm.program.Program;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What commands about the programs of an object file are given: which programs, and where they will run. */
final class ProgramOptions {

    @Mixin
    private ObjectOptions object;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PROGRAM",
            description = "Default: all programs; to run one, the only one.")
    private Optional<String> program = Optional.empty();

    @Option(
            names = "--platform",
            paramLabel = "P",
            defaultValue = "auto",
            description = "Where they will run: native, jbpf, or auto (jbpf for objects of its ABI, else native).")
    private String platform;

    @Option(
            names = "--type",
            paramLabel = "T",
            description = "Program type on jbpf, for example jbpf_stats; default: what the section says.")
    private Optional<String> type = Optional.empty();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    ObjectInput read() throws CommandException {
        checkPlatform();
        return object.read();
    }

    /** The chosen programs. */
    List<Program> programs(ObjectInput input) throws CommandException {
        return input.programs(program);
    }

    /** The one chosen program. */
    Program program(ObjectInput input) throws CommandException {
        return input.program(program);
    }

    /** Where a program will run. */
    Target target(ObjectInput input, Program one) throws CommandException {
        return switch (abi(input.file())) {
            case NATIVE -> NativeTarget.of(input.file(), one);
            case JBPF -> JbpfTarget.of(one, input.types(), type);
        };
    }

    /** The helpers that a program can call there. */
    Helpers helpers(ObjectFile file, TraceSink trace) {
        return switch (abi(file)) {
            case NATIVE -> Helpers.standard(trace);
            case JBPF -> Helpers.jbpf(trace);
        };
    }

    private void checkPlatform() {
        switch (platform) {
            case "auto", "native", "jbpf" -> {}
            case "linux" -> throw refused("is not supported by this version, allowed are auto, native and jbpf");
            default -> throw refused("is unknown, allowed are auto, native and jbpf");
        }
    }

    private ParameterException refused(String reason) {
        return new ParameterException(command.commandLine(), "--platform " + platform + " " + reason);
    }

    private Abi abi(ObjectFile file) {
        var abi = platform.equals("auto") ? file.abi() : platform.equals("jbpf") ? Abi.JBPF : Abi.NATIVE;
        if (abi == Abi.NATIVE && type.isPresent()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--type " + type.get()
                            + ": a native program has the type of its section, allowed is --type on jbpf");
        }
        return abi;
    }
}

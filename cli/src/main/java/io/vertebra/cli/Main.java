package io.vertebra.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry of the {@code vertebra} command. */
@Command(
        name = "vertebra",
        description = "Verified eBPF codelets inside JVM applications.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {DemoCommand.class, VersionCommand.class, CommandLine.HelpCommand.class})
public final class Main {
    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    /** Runs one command and returns its exit code: 0, 1 when it failed, 2 when the arguments make no sense. */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return new CommandLine(new Main())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, _) -> {
                    err.println("Error: " + e.getMessage());
                    err.println("try `" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help`");
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, _, _) -> {
                    err.println("Error: " + Errors.sentence(e));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }
}

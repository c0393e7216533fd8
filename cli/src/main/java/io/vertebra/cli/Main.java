package io.vertebra.cli;

import io.vertebra.cli.conformance.ConformanceCommand;
import io.vertebra.cli.conformance.PluginCommand;
import io.vertebra.cli.doctor.DoctorCommand;
import io.vertebra.cli.object.GenCommand;
import io.vertebra.cli.object.InspectCommand;
import io.vertebra.cli.object.ProgCommand;
import io.vertebra.cli.object.RunCommand;
import io.vertebra.cli.object.VerifyCommand;
import io.vertebra.cli.option.Output;
import io.vertebra.cli.option.Terminal;
import io.vertebra.cli.remote.ConfigCommand;
import io.vertebra.cli.remote.EventsCommand;
import io.vertebra.cli.remote.HookCommand;
import io.vertebra.cli.remote.InputCommand;
import io.vertebra.cli.remote.MapCommand;
import io.vertebra.cli.remote.MemberCommand;
import io.vertebra.cli.remote.SetCommand;
import io.vertebra.cli.remote.StreamCommand;
import io.vertebra.cli.top.TopCommand;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry of the {@code vertebra} command. */
@Command(
        name = "vertebra",
        description = "Verified eBPF codelets inside JVM applications.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            VerifyCommand.class,
            InspectCommand.class,
            RunCommand.class,
            ProgCommand.class,
            GenCommand.class,
            StartCommand.class,
            KeygenCommand.class,
            SetCommand.class,
            HookCommand.class,
            MemberCommand.class,
            MapCommand.class,
            StreamCommand.class,
            InputCommand.class,
            EventsCommand.class,
            TopCommand.class,
            ConfigCommand.class,
            DoctorCommand.class,
            ConformanceCommand.class,
            PluginCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  vertebra demo --seconds 20           see it work",
            "  vertebra verify latency.bpf.o        is this codelet safe?",
            "  vertebra set load latency.yaml       into a running Vertebra",
            "  vertebra help verify                 what a command does, with examples"
        })
public final class Main {
    @CommandLine.Mixin
    private final Output output = new Output();

    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(
                Terminal::ofProcess,
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments));
    }

    /** All commands. */
    static CommandLine command() {
        return command(new Main());
    }

    private static CommandLine command(Main main) {
        var command = new CommandLine(main);
        command.getSubcommands().values().forEach(sub -> sub.getCommandSpec().versionProvider(new Version()));
        var help = command.getSubcommands().get("help").getCommandSpec().usageMessage();
        help.footer("", "Examples:", "  vertebra help", "  vertebra help verify");
        return command;
    }

    /** Runs one command and returns its exit code: 0, 1 when it failed, 2 when the arguments make no sense. */
    static int run(Supplier<Terminal> terminal, PrintWriter out, PrintWriter err, String... arguments) {
        var main = new Main();
        main.output.on(terminal);
        var command = command(main);
        return command.setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, _) -> {
                    var help = "try `" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help`";
                    Output.printError(err, e.getMessage(), help, new JsonObject(), arguments);
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, _, _) -> {
                    var told = Errors.told(e);
                    Output.printError(err, told.getMessage(), told.report(), told.members(), arguments);
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }
}

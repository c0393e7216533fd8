package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.ExecutorOption;
import io.vertebra.cli.option.HexBytes;
import io.vertebra.cli.option.Output;
import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.InitialEntries;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.exec.TimerQueue;
import io.vertebra.vm.exec.TimerTask;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.object.Continuations;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.Program;
import io.vertebra.vm.program.ProgramFault;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vertebra run}. */
@Command(
        name = "run",
        description = {
            "Run a program of an object file with maps of its own.",
            "",
            "Prints r0 and the time of a run. The program is verified first. Timers that it starts call back between",
            "runs; those that are not due at the end are told."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  vertebra run latency.bpf.o on_response              a context of zeros",
            "  vertebra run latency.bpf.o on_queued --ctx '01000000 02000000'",
            "  vertebra run frames.bpf.o --payload 45000054 --repeat 1000000"
        })
public final class RunCommand implements Callable<Integer> {

    @Mixin
    private ProgramOptions options;

    @Option(
            names = "--ctx",
            paramLabel = "HEX",
            converter = HexBytes.Converter.class,
            description = "The context struct; default: zeros. The payload's fields are set by --payload.")
    private Optional<HexBytes> context = Optional.empty();

    @Option(
            names = "--payload",
            paramLabel = "HEX",
            converter = HexBytes.Converter.class,
            description = "What lies between data and data_end; default: nothing. Changes stay for the next run.")
    private Optional<HexBytes> payload = Optional.empty();

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "1",
            description = "Run it N times and print the mean time; default: ${DEFAULT-VALUE}.")
    private int repeat;

    @Option(
            names = "--no-verify",
            description =
                    "Run it whatever the verifier would say. Memory stays safe, because the interpreter checks every"
                            + " access and counts the steps.")
    private boolean unverified;

    @Mixin
    private ExecutorOption executor;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandException {
        if (repeat < 1) {
            throw new ParameterException(spec.commandLine(), "--repeat " + repeat + ": allowed is 1 or more");
        }
        var file = options.read();
        var wanted = options.program(file);
        var checked = check(file, wanted);
        var platform = checked.platform();
        var memory = ContextMemory.of(platform.map(Platform::context).orElse(ContextLayout.NONE), context, payload);
        var maps = ObjectMaps.create(file.file());
        putContinuations(file, wanted, maps);
        try {
            boolean sized = platform.map(Platform::passesContextSize).orElse(false);
            var timers = new TimerQueue<TimerTask>(System::nanoTime);
            run(
                    prepare(file, wanted, maps, checked),
                    memory.place(new RunContext(0, 0), sized).timers(timers::add),
                    timers);
        } catch (ProgramFault e) {
            throw new CommandException("program `" + wanted.name() + "`: " + e.getMessage(), e);
        }
        return 0;
    }

    /** What is known of a program: where it belongs, and what the verifier proved. */
    private record Checked(Optional<Platform> platform, Optional<AccessPlan> plan) {}

    private Executable prepare(ObjectInput input, Program wanted, List<BpfMap> maps, Checked checked) {
        var helpers = options.helpers(
                input.file(), (_, line) -> spec.commandLine().getErr().println(Output.printable(line)));
        if (checked.plan().isPresent()) {
            return executor.prepare(wanted, checked.plan().get(), maps, helpers);
        }
        long maxSteps = checked.platform().map(Platform::maxSteps).orElse(NativePlatform.QUEUED_STEPS);
        return executor.executor().prepare(wanted, maps, helpers, maxSteps);
    }

    /** The programs that tail calls reach are verified as the first is. */
    private void putContinuations(ObjectInput input, Program wanted, List<BpfMap> maps) throws CommandException {
        try {
            var continuations = Continuations.of(input.file(), wanted);
            var programs = new HashMap<String, Executable>();
            for (var name : continuations.programs().stream().map(Program::name).toList()) {
                var next = input.program(Optional.of(name));
                programs.put(name, prepare(input, next, maps, check(input, next)));
            }
            InitialEntries.putPrograms(continuations.slots(), maps, programs);
        } catch (ObjectFormatException | IllegalArgumentException | ProgramFault e) {
            throw new CommandException("object " + input.file().name() + ": " + e.getMessage(), e);
        }
    }

    /** Without a platform for a program that is not of this one and that nobody wants verified. */
    private Checked check(ObjectInput file, Program wanted) throws CommandException {
        Target target;
        try {
            target = options.target(file, wanted);
        } catch (CommandException e) {
            if (unverified) {
                return new Checked(Optional.empty(), Optional.empty());
            }
            throw e;
        }
        var platform = Optional.of(target.platform());
        if (unverified) {
            return new Checked(platform, Optional.empty());
        }
        return switch (target.verify(wanted)) {
            case Accepted accepted -> new Checked(platform, Optional.of(accepted.plan()));
            case Rejected rejected ->
                throw new CommandException("program `" + wanted.name() + "`: rejected by the verifier, "
                        + ReportPrinter.summary(rejected.findings().getFirst())
                        + "; `vertebra verify` tells more, --no-verify runs it all the same");
        };
    }

    private void run(Executable executable, RunContext context, TimerQueue<TimerTask> timers) {
        long result = 0;
        long begin = System.nanoTime();
        for (int i = 0; i < repeat; i++) {
            result = executable.run(context);
            for (var due = timers.poll(); due != null; due = timers.poll()) {
                due.run(context);
            }
        }
        if (timers.size() > 0) {
            spec.commandLine().getErr().println("Timers that were not due yet: " + timers.size());
        }
        print(spec.commandLine().getOut(), result, (System.nanoTime() - begin) / repeat);
    }

    private void print(PrintWriter out, long result, long nanos) {
        var output = Output.of(spec);
        if (output.json()) {
            output.print(
                    out,
                    new JsonObject().put("retval", "0x%x".formatted(result)).put("duration", nanos));
        } else {
            out.println(
                    "Return value: 0x%x, duration%s: %dns".formatted(result, repeat > 1 ? " (average)" : "", nanos));
        }
    }
}

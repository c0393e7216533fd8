package io.vertebra.cli.object;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.Output;
import io.vertebra.cli.option.Progress;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.program.Program;
import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code vertebra verify}. */
@Command(
        name = "verify",
        description = {
            "Prove that the programs of an object file are safe.",
            "",
            "Prints a line for each program, and exits 1 when one fails. The context of a program is the struct that"
                    + " it was compiled with, of a jbpf program that of its type; loading verifies again, against the"
                    + " running hook."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  vertebra verify latency.bpf.o                 all programs",
            "  vertebra verify latency.bpf.o on_response     one of them",
            "  vertebra verify --hooks ran.yaml ofh.o        a jbpf codelet, its own types",
            "  vertebra verify --log latency.bpf.o           what was known where",
            "  vertebra verify -j latency.bpf.o              the findings as JSON"
        })
public final class VerifyCommand implements Callable<Integer> {

    @Mixin
    private ProgramOptions options;

    @Option(
            names = "--log",
            description =
                    "How each verdict was come to, instruction by instruction; of a long log the beginning and the"
                            + " end.")
    private boolean log;

    @Spec
    private CommandSpec spec;

    /**
     * A verdict.
     *
     * @param log how it was come to, line by line; empty unless asked for
     */
    private record Verdict(Program program, VerificationReport report, Optional<String> note, List<String> log) {
        boolean passed() {
            return report instanceof Accepted;
        }
    }

    @Override
    public Integer call() throws CommandException {
        var verdicts = verdicts(options.read());
        var output = Output.of(spec);
        var out = spec.commandLine().getOut();
        if (output.json()) {
            var array = new JsonArray();
            verdicts.forEach(v -> array.add(VerdictJson.of(v.program(), v.report(), v.note(), v.log())));
            output.print(out, array);
        } else {
            verdicts.forEach(v -> out.println(Output.printable(text(v))));
        }
        return verdicts.stream().allMatch(Verdict::passed) ? 0 : 1;
    }

    /** Every program's section is looked at before the first is verified: an object is of one platform. */
    private List<Verdict> verdicts(ObjectInput input) throws CommandException {
        var programs = options.programs(input);
        var targets = new ArrayList<Target>();
        for (var one : programs) {
            targets.add(options.target(input, one));
        }
        var verdicts = new ArrayList<Verdict>();
        for (int i = 0; i < programs.size(); i++) {
            var target = targets.get(i);
            verdicts.add(verdict(programs.get(i), target));
        }
        return verdicts;
    }

    private Verdict verdict(Program one, Target target) {
        var lines = new ArrayList<String>();
        var err = spec.commandLine().getErr();
        try (var _ = Progress.start(Output.of(spec)::terminal, err, "verifying " + one.name())) {
            var report = log ? target.verify(one, lines::add) : target.verify(one);
            return new Verdict(one, report, target.note(), lines);
        }
    }

    private static String text(Verdict verdict) {
        var program = verdict.program();
        var lines = new ArrayList<>(verdict.log());
        lines.add(ReportPrinter.print(program.name(), program.instructions().size(), verdict.report()));
        if (!verdict.passed()) {
            verdict.note().ifPresent(note -> lines.add("    note: " + note));
        }
        return String.join("\n", lines);
    }
}

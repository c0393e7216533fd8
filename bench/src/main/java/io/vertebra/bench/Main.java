package io.vertebra.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.RunnerException;

/**
 * The command {@code bench/run [--quick|--full|--demo|--outputs [--quick]]}: measures hooks and codelets in rounds, or what
 * becomes of records and metrics, prints the tables and writes them into RESULTS.md; with {@code --demo}, prints what {@link
 * SwitchedDemo} has measured.
 */
public final class Main {

    /**
     * The benchmarks of a class.
     *
     * @param type the class
     * @param warmup how many times as long as others they warm up: C2 takes seconds for thousands of instructions
     * @param forks JVMs in a round: where fractions of a nanosecond count, one JVM's luck with its code is too little
     */
    private record Part(Class<?> type, int warmup, int forks) {}

    private static final List<Part> PARTS = List.of(
            new Part(HookCost.class, 1, 2),
            new Part(InlineHook.class, 1, 1),
            new Part(InlinedCode.class, 1, 1),
            new Part(CalledExecutable.class, 1, 1),
            new Part(ProgramLength.class, 3, 1));

    private static final Pattern LINE = Pattern.compile("[a-z_]+/[a-z0-9_ ]+ -?[0-9.]+");

    private static final Path HERE = Path.of(System.getProperty("basedir", "."));

    private Main() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        switch (String.join(" ", arguments)) {
            case "--full" -> hooks(false);
            case "--quick" -> hooks(true);
            case "--outputs" -> outputs(false);
            case "--outputs --quick" -> outputs(true);
            case "--demo" -> SwitchedDemo.run().forEach(System.out::println);
            default -> {
                System.err.println("Error: arguments " + List.of(arguments)
                        + ", allowed is `--quick`, `--full`, `--outputs`, `--outputs --quick` or `--demo`");
                System.exit(2);
            }
        }
    }

    private static void hooks(boolean quick) throws IOException, RunnerException {
        long begin = System.nanoTime();
        double load = Machine.load();
        var samples = measure(quick ? Effort.QUICK : Effort.FULL, begin);
        write(Report.Part.HOOKS, Report.hooks(head(quick, begin), Machine.describe(load), samples));
    }

    private static void outputs(boolean quick) throws IOException {
        long begin = System.nanoTime();
        double load = Machine.load();
        var samples = new Samples();
        measured(OutputPath.class, samples, quick ? 5 : 20);
        measured(KafkaPath.class, samples, quick ? 2 : 8);
        measured(ScrapePath.class, samples, quick ? 10 : 40);
        write(Report.Part.OUTPUTS, Report.outputs(head(quick, begin), Machine.describe(load), samples));
    }

    private static void write(Report.Part part, String report) throws IOException {
        System.out.println(report);
        Report.write(HERE.resolve("RESULTS.md"), part, report);
    }

    private static String head(boolean quick, long begin) {
        return "%s, %s, %d minutes"
                .formatted(LocalDate.now(ZoneOffset.UTC), quick ? "--quick" : "full", minutes(begin));
    }

    private static long minutes(long begin) {
        return Math.round((System.nanoTime() - begin) / 60e9);
    }

    private static Samples measure(Effort effort, long begin) throws IOException, RunnerException {
        var samples = new Samples();
        var baseline = Baseline.build(HERE.resolve("target").resolve("baseline"));
        if (baseline.isEmpty()) {
            System.out.println("gcc is missing: no baselines");
        }
        for (int round = 1; round <= effort.rounds(); round++) {
            for (var part : PARTS) {
                progress(begin, round, effort, part.type());
                times(baseline, effort, samples);
                Benchmarks.run(part.type(), effort.warmedUp(part.warmup()), part.forks(), samples);
            }
            progress(begin, round, effort, AttachLatency.class);
            measured(AttachLatency.class, samples, effort.switches());
            progress(begin, round, effort, QueuedPath.class);
            measured(QueuedPath.class, samples, effort.slices(), effort.idleSeconds());
        }
        executed(samples);
        return samples;
    }

    private static void progress(long begin, int round, Effort effort, Class<?> what) {
        System.out.printf(
                "%4d s  round %d of %d  %s%n",
                (System.nanoTime() - begin) / 1_000_000_000, round, effort.rounds(), what.getSimpleName());
    }

    /** A part of a round's batches before each class, so that both sides see the machine's good and bad minutes. */
    private static void times(Optional<Baseline> baseline, Effort effort, Samples samples) throws IOException {
        if (baseline.isPresent()) {
            baseline.get().times(Math.max(1, effort.batches() / PARTS.size())).forEach(samples::addLine);
        }
    }

    /** What a program prints as {@code KIND/KEY VALUE}, in a JVM of its own. */
    private static void measured(Class<?> program, Samples samples, int... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-classpath",
                System.getProperty("java.class.path"),
                program.getName()));
        for (int argument : arguments) {
            command.add(Integer.toString(argument));
        }
        Baseline.run(command.toArray(String[]::new)).stream()
                .filter(LINE.asMatchPredicate())
                .forEach(samples::addLine);
    }

    /** How many instructions the programs of P6 execute. */
    private static void executed(Samples samples) {
        var workload = new Workload();
        for (int length : SizedProgram.LENGTHS) {
            var codelet = SizedProgram.of(length);
            var runs = Runs.of(codelet.context(), Workload.fields("chain"), workload);
            samples.add("executed/" + length, SizedProgram.executed(codelet, runs));
        }
    }
}

package io.vertebra.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.runner.RunnerException;

/** The command {@code bench/run [--quick]}: measures everything in rounds, prints the table, writes RESULTS.md. */
public final class Main {

    private static final List<Class<?>> BENCHMARKS =
            List.of(HookCost.class, InlineHook.class, InlinedCode.class, CalledExecutable.class, ProgramLength.class);

    private static final Path HERE = Path.of(System.getProperty("basedir", "."));

    private Main() {}

    /** Runs it. */
    public static void main(String[] arguments) throws IOException, RunnerException {
        var options = List.of(arguments);
        if (!List.of("--quick").containsAll(options)) {
            System.err.println("Error: options " + options + ", allowed is `--quick`");
            System.exit(2);
        }
        boolean quick = options.contains("--quick");
        long begin = System.nanoTime();
        double load = Machine.load();
        var samples = measure(quick ? Effort.QUICK : Effort.FULL, begin);
        var head = "%s, %s, %d minutes"
                .formatted(LocalDate.now(ZoneOffset.UTC), quick ? "--quick" : "full", minutes(begin));
        var report = Report.of(head, Machine.describe(load), samples);
        System.out.println(report);
        RunFile.write(HERE.resolve("RESULTS.md"), report);
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
            for (var benchmarks : BENCHMARKS) {
                progress(begin, round, effort, benchmarks);
                times(baseline, effort, samples);
                Benchmarks.run(benchmarks, effort, samples);
            }
            progress(begin, round, effort, AttachLatency.class);
            switches(effort, samples);
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
            baseline.get()
                    .times(Math.max(1, effort.batches() / BENCHMARKS.size()))
                    .forEach(samples::addLine);
        }
    }

    private static void switches(Effort effort, Samples samples) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        Baseline.run(
                        java.toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        AttachLatency.class.getName(),
                        Integer.toString(effort.switches()))
                .stream()
                .filter(line -> line.startsWith("switch/"))
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

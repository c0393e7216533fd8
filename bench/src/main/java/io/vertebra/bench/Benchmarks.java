package io.vertebra.bench;

import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks once, each in a JVM of its own, and takes the CPU time of each iteration. */
final class Benchmarks {

    /** Suffix of the keys of allocated bytes per event. */
    static final String BYTES = " bytes";

    private static final String NANOS = "nanosPerEvent";
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Benchmarks() {}

    /** Runs the benchmarks of a class, each in so many JVMs. */
    static void run(Class<?> benchmarks, Effort effort, int forks, Samples samples) throws RunnerException {
        var options = new OptionsBuilder()
                .include("\\." + benchmarks.getSimpleName() + "\\.")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .forks(forks)
                .warmupIterations(effort.warmups())
                .warmupTime(TimeValue.milliseconds(effort.warmupMillis()))
                .measurementIterations(effort.iterations())
                .measurementTime(TimeValue.milliseconds(effort.iterationMillis()))
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .build();
        add(new Runner(options).run(), samples);
    }

    private static void add(Collection<RunResult> results, Samples samples) {
        for (var result : results) {
            var key = key(result);
            for (var fork : result.getBenchmarkResults()) {
                for (IterationResult iteration : fork.getIterationResults()) {
                    samples.add(key, iteration.getSecondaryResults().get(NANOS).getScore());
                    var bytes = iteration.getSecondaryResults().get(ALLOCATED);
                    if (bytes != null) {
                        samples.add(key + BYTES, bytes.getScore());
                    }
                }
            }
        }
    }

    /** {@code hook/filter} for InlineHook.filter, {@code jit/filter} for CalledExecutable.jit with that codelet. */
    private static String key(RunResult result) {
        var parameters = result.getParams();
        var name = parameters.getBenchmark().split("\\.");
        var method = Attached.codelet(name[name.length - 1]);
        return switch (name[name.length - 2]) {
            case "HookCost" -> "application/" + method;
            case "InlineHook" -> "hook/" + method;
            case "InlinedCode" -> "direct/" + method;
            case "CalledExecutable" -> method + "/" + parameters.getParam("codelet");
            case "ProgramLength" -> "length/" + parameters.getParam("length");
            default -> throw new IllegalArgumentException(parameters.getBenchmark() + ": no key for its results");
        };
    }
}

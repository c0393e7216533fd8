package io.vertebra.verifier.soundness;

import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs accepted programs until one does what the verifier says it cannot do, or until they were run often enough:
 *
 * <pre>
 *   .ci/soundness fuzz [--seed N] [--runs N] [--minutes N] [--threads N]
 * </pre>
 *
 * Program {@code i} depends on the seed and {@code i} alone, so that a counterexample can be found again.
 */
public final class SoundnessFuzz {

    private static final int TRIES = 36;
    private static final int INPUTS = 700;
    private static final int FEW = 10_000;
    private static final long LIMIT = 3_000;
    private static final long SHRINK_LIMIT = 100_000;
    private static final long HIGH_LIMIT = 20_000;

    private final long seed;
    private final long runs;
    private final long deadline;
    private final long begin = System.nanoTime();
    private final AtomicLong nextProgram = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicLong rich = new AtomicLong();
    private final AtomicLong programs = new AtomicLong();
    private final Map<String, Long> coverage = CoverageNames.all();
    private volatile Shrinker.Failure failure;
    private volatile long failed;

    /**
     * A fuzz.
     *
     * @param runs so many runs in all
     * @param minutes or so long, whichever is first
     */
    SoundnessFuzz(long seed, long runs, double minutes) {
        this.seed = seed;
        this.runs = runs;
        deadline = begin + (long) (minutes * 60e9);
    }

    /** See the class. */
    public static void main(String[] arguments) throws InterruptedException {
        var options = Options.of(
                arguments,
                Map.of(
                        "--seed",
                        String.valueOf(System.nanoTime()),
                        "--runs",
                        "10000000",
                        "--minutes",
                        "1000",
                        "--threads",
                        String.valueOf(Runtime.getRuntime().availableProcessors())));
        var fuzz = new SoundnessFuzz(
                Long.parseLong(options.get("--seed")),
                Long.parseLong(options.get("--runs")),
                Double.parseDouble(options.get("--minutes")));
        boolean sound = fuzz.run(Integer.parseInt(options.get("--threads")));
        System.out.println(fuzz.report());
        System.exit(sound ? 0 : 1);
    }

    /** Whether nothing was found. */
    boolean run(int threads) throws InterruptedException {
        var workers = new ArrayList<Thread>();
        for (int i = 0; i < threads; i++) {
            workers.add(Thread.ofPlatform().start(this::work));
        }
        for (var worker : workers) {
            worker.join();
        }
        return failure == null;
    }

    private void work() {
        var run = new RunContext(0, 0);
        var counts = new TreeMap<String, Long>();
        while (failure == null && done.get() < runs && System.nanoTime() < deadline) {
            program(nextProgram.getAndIncrement(), run, counts);
        }
        synchronized (coverage) {
            counts.forEach((name, count) -> coverage.merge(name, count, Long::sum));
        }
    }

    private void program(long number, RunContext run, Map<String, Long> counts) {
        var random = new Random(seed + number * 0x9E37_79B9_7F4A_7C15L);
        long limit = random.nextInt(8) == 0 ? HIGH_LIMIT : LIMIT;
        var latest = new Program[1];
        try {
            program(number, random, limit, latest, run, counts);
        } catch (RuntimeException e) {
            var input = Input.random(new SplittableRandom(0), new long[1]);
            e.printStackTrace();
            failed = number;
            failure = new Shrinker.Failure(latest[0], input, new Counterexample(0, "the verifier fails: " + e));
        }
    }

    private void program(
            long number, Random random, long limit, Program[] latest, RunContext run, Map<String, Long> counts) {
        var program = new Generator(random, p -> {
                    latest[0] = p;
                    return Trial.accepts(p, limit);
                })
                .grow(TRIES);
        var trial = Trial.of(program, limit, run);
        if (trial.isEmpty()) {
            return;
        }
        var inputs = new SplittableRandom(random.nextLong());
        long[] constants = Input.constants(program);
        for (int i = 0; i < INPUTS; i++) {
            var input = Input.random(inputs, constants);
            try {
                trial.get().run(input);
            } catch (Counterexample e) {
                var shrinker = new Shrinker((tried, given) -> failure(tried, given, run));
                var first = new Shrinker.Failure(program, input, e);
                failure = shrinker.failure(program, input).map(shrinker::shrink).orElse(first);
                failed = number;
                return;
            }
        }
        done.addAndGet(INPUTS);
        programs.incrementAndGet();
        rich.addAndGet(trial.get().coverage().isRich() ? 1 : 0);
        trial.get().coverage().addTo(counts);
    }

    private static Optional<Counterexample> failure(Program program, Input input, RunContext run) {
        try {
            Trial.of(program, SHRINK_LIMIT, run).ifPresent(t -> t.run(input));
            return Optional.empty();
        } catch (Counterexample e) {
            return Optional.of(e);
        }
    }

    /** So many runs were made. */
    long runs() {
        return done.get();
    }

    /** What was done, or what was found. */
    String report() {
        var lines = new ArrayList<String>();
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (failure != null) {
            lines.add("program " + failed + " of seed " + seed + " was accepted, but");
            lines.add(failure.what().getMessage());
            lines.add(failure.input().toString());
            lines.add(AssemblyText.print(failure.program().instructions()));
        } else {
            lines.addAll(distribution());
        }
        lines.add("seed %d: %d runs of %d programs in %.0f s, %d with loop, map access and fill, %s"
                .formatted(
                        seed,
                        done.get(),
                        programs.get(),
                        seconds,
                        rich.get(),
                        failure == null ? "no counterexample" : "a counterexample"));
        return String.join("\n", lines);
    }

    private List<String> distribution() {
        var lines = new ArrayList<String>();
        coverage.forEach((name, count) -> lines.add("%,15d  %s".formatted(count, name)));
        var few = coverage.entrySet().stream().filter(e -> e.getValue() < FEW).toList();
        lines.add(few.size() + " of " + coverage.size() + " were reached less than " + FEW + " times");
        return lines;
    }
}

package io.vertebra.verifier.soundness;

import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.program.Program;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs accepted programs in every way there is, until two of them differ in what they give or leave, or until they were run
 * often enough:
 *
 * <pre>
 *   .ci/soundness agreement [--seed N] [--runs N] [--minutes N] [--threads N]
 * </pre>
 *
 * Program {@code i} depends on the seed and {@code i} alone.
 */
public final class AgreementFuzz {

    private static final int TRIES = 60;
    private static final int INPUTS = 50;
    private static final long LIMIT = 3_000;
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final long seed;
    private final long begin = System.nanoTime();
    private final AtomicLong nextProgram = new AtomicLong();
    private final AtomicLong programs = new AtomicLong();
    private final AtomicLong direct = new AtomicLong();
    private final AtomicLong runs = new AtomicLong();
    private volatile Optional<Failed> failure = Optional.empty();

    /** A difference, and the number of the program that showed it. */
    private record Failed(long number, Shrinker.Failure failure) {}

    /** A fuzz of the programs of a seed. */
    AgreementFuzz(long seed) {
        this.seed = seed;
    }

    /** See the class. */
    public static void main(String[] arguments) throws InterruptedException {
        var options = Options.of(
                arguments,
                Map.of(
                        "--seed",
                        String.valueOf(System.nanoTime()),
                        "--runs",
                        "100000000",
                        "--minutes",
                        "5",
                        "--threads",
                        String.valueOf(Runtime.getRuntime().availableProcessors())));
        System.out.println("seed " + options.get("--seed"));
        var fuzz = new AgreementFuzz(Long.parseLong(options.get("--seed")));
        boolean same = fuzz.run(
                Long.parseLong(options.get("--runs")),
                Double.parseDouble(options.get("--minutes")),
                Integer.parseInt(options.get("--threads")));
        System.out.println(fuzz.report());
        System.exit(same ? 0 : 1);
    }

    /** Whether no difference was found in so many runs, or so long. */
    boolean run(long most, double minutes, int threads) throws InterruptedException {
        long end = begin + (long) (minutes * 60e9);
        var workers = new ArrayList<Future<?>>();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                workers.add(pool.submit(() -> work(most, end)));
            }
        }
        for (var worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("seed " + seed, e.getCause());
            }
        }
        return failure.isEmpty();
    }

    private void work(long most, long end) {
        while (failure.isEmpty() && runs.get() < most && System.nanoTime() < end) {
            long number = nextProgram.getAndIncrement();
            program(new Random(seed + number * GOLDEN))
                    .ifPresent(found -> failure = Optional.of(new Failed(number, found)));
            programs.incrementAndGet();
        }
    }

    private Optional<Shrinker.Failure> program(Random random) {
        var program =
                new Generator(random, p -> Trial.accepts(p, LIMIT)).observed().grow(TRIES);
        if (!Trial.accepts(program, LIMIT)) {
            return Optional.empty(); // the functions alone may be wrong already
        }
        var inputs = new SplittableRandom(random.nextLong());
        long[] constants = Input.constants(program);
        var input = Input.random(inputs, constants);
        try {
            var agreement = new Agreement(program);
            direct.addAndGet(agreement.isDirect() ? 1 : 0);
            for (int i = 0; i < INPUTS; i++) {
                agreement.run(input);
                runs.incrementAndGet();
                input = Input.random(inputs, constants);
            }
            return Optional.empty();
        } catch (Counterexample e) {
            var shrinker = new Shrinker(AgreementFuzz::failure);
            return Optional.of(shrinker.failure(program, input)
                    .map(shrinker::shrink)
                    .orElse(new Shrinker.Failure(program, input, e)));
        }
    }

    private static Optional<Counterexample> failure(Program program, Input input) {
        try {
            if (Trial.accepts(program, LIMIT)) {
                new Agreement(program).run(input);
            }
            return Optional.empty();
        } catch (Counterexample e) {
            return Optional.of(e);
        }
    }

    /** What was done, or what was found. */
    String report() {
        var found = failure.map(f -> "program %d of seed %d:%n%s%n%s%n%s%n"
                        .formatted(
                                f.number(),
                                seed,
                                f.failure().what().getMessage(),
                                f.failure().input(),
                                AssemblyText.print(f.failure().program().instructions())))
                .orElse("");
        return found
                + "seed %d: %d runs of %d programs, %d of them with direct code, in %.0f s, %s"
                        .formatted(
                                seed,
                                runs.get(),
                                programs.get(),
                                direct.get(),
                                (System.nanoTime() - begin) / 1e9,
                                failure.isEmpty() ? "no difference" : "a difference");
    }
}

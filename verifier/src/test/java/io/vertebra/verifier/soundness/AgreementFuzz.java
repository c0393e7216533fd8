package io.vertebra.verifier.soundness;

import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.program.Program;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * Runs accepted programs in every way there is, until two of them differ in what they give or leave, or until they were run
 * often enough:
 *
 * <pre>
 *   .ci/soundness agreement [--seed N] [--runs N] [--minutes N]
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
    private long programs;
    private long direct;
    private long runs;
    private Optional<Shrinker.Failure> failure = Optional.empty();

    /** A fuzz of the programs of a seed. */
    AgreementFuzz(long seed) {
        this.seed = seed;
    }

    /** See the class. */
    public static void main(String[] arguments) {
        var options = Options.of(
                arguments,
                Map.of("--seed", String.valueOf(System.nanoTime()), "--runs", "100000000", "--minutes", "5"));
        System.out.println("seed " + options.get("--seed"));
        var fuzz = new AgreementFuzz(Long.parseLong(options.get("--seed")));
        boolean same = fuzz.run(Long.parseLong(options.get("--runs")), Double.parseDouble(options.get("--minutes")));
        System.out.println(fuzz.report());
        System.exit(same ? 0 : 1);
    }

    /** Whether no difference was found in so many runs, or so long. */
    boolean run(long most, double minutes) {
        long end = begin + (long) (minutes * 60e9);
        while (failure.isEmpty() && runs < most && System.nanoTime() < end) {
            failure = program(new Random(seed + programs * GOLDEN));
            programs++;
        }
        return failure.isEmpty();
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
            direct += agreement.isDirect() ? 1 : 0;
            for (int i = 0; i < INPUTS; i++) {
                agreement.run(input);
                runs++;
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
                                programs - 1,
                                seed,
                                f.what().getMessage(),
                                f.input(),
                                AssemblyText.print(f.program().instructions())))
                .orElse("");
        return found
                + "seed %d: %d runs of %d programs, %d of them with direct code, in %.0f s, %s"
                        .formatted(
                                seed,
                                runs,
                                programs,
                                direct,
                                (System.nanoTime() - begin) / 1e9,
                                failure.isEmpty() ? "no difference" : "a difference");
    }
}

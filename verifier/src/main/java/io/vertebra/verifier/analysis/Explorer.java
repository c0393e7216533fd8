package io.vertebra.verifier.analysis;

import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.verifier.report.Finding;
import io.vertebra.verifier.report.Statistics;
import io.vertebra.verifier.report.VerificationReport;
import io.vertebra.vm.program.Program;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Explores a program until the verdict is sure. What was found after a state was made more general may not be so: then
 * all is explored again with exact states at that slot. What was found because too little was known of a number may not be
 * so either: then all is explored again with the numbers that it depends on told in cases.
 *
 * <p>All explorations of a program share one {@link Budget} of 1,000,000 instructions and 100,000 stored states, so that
 * every program gets its verdict after a bounded amount of work.
 */
public final class Explorer {

    /** Explorations with less generalisation before one without any. */
    private static final int ATTEMPTS = 8;

    /** Explorations with more and more cases. */
    private static final int SPLITTINGS = 8;

    /** Instructions that explorations with cases may process, besides as many as those without did. */
    private static final long FOR_CASES = 50_000;

    private final Subject subject;
    private final ExplorationListener listener;
    private final Budget budget = new Budget();
    private final long begin = System.nanoTime();
    private final Set<Integer> exact = new HashSet<>();
    private final Map<Integer, CaseSplit> splits = new HashMap<>();
    private int generalisations;
    private int splittings;
    /** The next step of {@link CaseFinder.Reach}, for findings at the same slot as the last one. */
    private int reach;

    private int failedAt = -1;
    private Finding first;
    private long peak;

    private Explorer(Subject subject, ExplorationListener listener) {
        this.subject = subject;
        this.listener = listener;
    }

    /** The verdict on a well-formed program. */
    public static VerificationReport explore(Program program, Platform platform, ExplorationListener listener) {
        return explore(program, platform, _ -> entry(platform), listener);
    }

    /**
     * The verdict on a well-formed program whose runs begin in other states.
     *
     * @param entry makes the state of the program's own frame as a run begins; its argument gives ids that nothing else has
     */
    public static VerificationReport explore(
            Program program, Platform platform, Function<IntSupplier, State> entry, ExplorationListener listener) {
        return new Explorer(new Subject(InnerMaps.added(program), platform, entry), listener).explore();
    }

    private static State entry(Platform platform) {
        var state = State.entry(platform.payloadMax());
        if (platform.passesContextSize()) {
            state.set(2, Value.number(Scalar.UNKNOWN));
        }
        return state;
    }

    private VerificationReport explore() {
        while (true) {
            var exploration = new Exploration(subject, budget, Set.copyOf(exact), Map.copyOf(splits), listener);
            var finding = exploration.run();
            peak = Math.max(peak, exploration.peak());
            if (finding.isEmpty()) {
                return new VerificationReport.Accepted(exploration.plan(), statistics());
            }
            // What a later attempt had no budget to refute is what is to be mended, and in words without cases.
            first = first == null || (splits.isEmpty() && !budget.isExhausted()) ? finding.get() : first;
            if (budget.isExhausted() || !(isMoreExact(exploration) || isToldInCases(exploration))) {
                return new VerificationReport.Rejected(List.of(first), statistics());
            }
        }
    }

    /** Whether there is a next exploration that makes fewer states more general. */
    private boolean isMoreExact(Exploration failed) {
        if (failed.generalisedAt().isEmpty()) {
            return false;
        }
        if (generalisations++ < ATTEMPTS) {
            return exact.add(failed.generalisedAt().get());
        }
        for (int slot = 0; slot < subject.program.instructions().size(); slot++) {
            exact.add(slot);
        }
        return true;
    }

    /** Whether there is a next exploration that tells more numbers in cases. */
    private boolean isToldInCases(Exploration failed) {
        var failure = failed.failure();
        if (splittings == 0) {
            budget.allow(FOR_CASES + budget.instructions());
        }
        reach = failure.slot() == failedAt ? reach : 0;
        failedAt = failure.slot();
        while (splittings < SPLITTINGS && reach < CaseFinder.Reach.values().length) {
            var before = Map.copyOf(splits);
            CaseFinder.find(subject.program, failure, CaseFinder.Reach.values()[reach++])
                    .forEach((slot, split) -> splits.merge(slot, split, CaseSplit::and));
            if (!splits.equals(before)) {
                splittings++;
                return true;
            }
        }
        return false;
    }

    private Statistics statistics() {
        return new Statistics(budget.instructions(), budget.states(), peak, System.nanoTime() - begin);
    }
}

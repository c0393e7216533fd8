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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Explores a program until the verdict is sure. What was found after a state was made more general may not be so: then
 * all is explored again with exact states at that slot.
 *
 * <p>All explorations of a program share one {@link Budget} of 1,000,000 instructions and 100,000 stored states, so that
 * every program gets its verdict after a bounded amount of work.
 */
public final class Explorer {

    /** Explorations with less generalisation before one without any. */
    private static final int ATTEMPTS = 8;

    private final Subject subject;
    private final ExplorationListener listener;
    private final Budget budget = new Budget();
    private final long begin = System.nanoTime();
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
        var exact = new HashSet<Integer>();
        for (int attempt = 0; ; attempt++) {
            var exploration = new Exploration(subject, budget, Set.copyOf(exact), listener);
            var finding = exploration.run();
            peak = Math.max(peak, exploration.peak());
            if (finding.isEmpty()) {
                return new VerificationReport.Accepted(exploration.plan(), statistics());
            }
            // What a later attempt had no budget to refute is what is to be mended.
            first = first == null || !budget.isExhausted() ? finding.get() : first;
            if (exploration.generalisedAt().isEmpty() || budget.isExhausted()) {
                return new VerificationReport.Rejected(List.of(first), statistics());
            }
            if (attempt < ATTEMPTS) {
                exact.add(exploration.generalisedAt().get());
            } else {
                for (int slot = 0; slot < subject.program.instructions().size(); slot++) {
                    exact.add(slot);
                }
            }
        }
    }

    private Statistics statistics() {
        return new Statistics(budget.instructions(), budget.states(), peak, System.nanoTime() - begin);
    }
}

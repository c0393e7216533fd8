package io.vertebra.verifier.soundness;

import io.vertebra.verifier.analysis.ExplorationListener;
import io.vertebra.verifier.domain.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The states that a verdict rests on, by slot: every run must be in one of them at each of its instructions. */
final class Explored implements ExplorationListener {

    private record Seen(State state, long[] read) {}

    /** Ends an exploration that takes too long for a test. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super(null, null, false, false);
        }
    }

    private final List<List<Seen>> seen = new ArrayList<>();
    private final boolean keeps;
    private long left;
    private StateCheck[][] checks;
    /** By slot, the check that held last: runs of a loop come by in the order in which it was explored. */
    private int[] last;

    /**
     * The states of one verification.
     *
     * @param limit most instructions to be explored
     * @param keeps whether states are wanted, or the limit alone
     */
    Explored(int slots, long limit, boolean keeps) {
        this.keeps = keeps;
        left = limit;
        for (int slot = 0; slot < slots; slot++) {
            seen.add(new ArrayList<>());
        }
    }

    @Override
    public void begins(Set<Integer> exact, Set<Integer> split) {
        seen.forEach(List::clear);
    }

    @Override
    public void instruction(int slot, State state, long[] read) {
        if (--left < 0) {
            throw new TooLong();
        }
        if (keeps) {
            seen.get(slot).add(new Seen(state.copy(), read));
        }
    }

    /** Makes the checks, when the exploration has ended. */
    void close() {
        last = new int[seen.size()];
        checks = new StateCheck[seen.size()][];
        for (int slot = 0; slot < checks.length; slot++) {
            checks[slot] = seen.get(slot).stream()
                    .map(s -> new StateCheck(s.state(), s.read()))
                    .toArray(StateCheck[]::new);
            seen.get(slot).clear();
        }
    }

    /** Whether some state at the slot describes the machine. */
    boolean describes(int slot, Machine machine) {
        var candidates = checks[slot];
        int from = last[slot];
        for (int i = 0; i < candidates.length; i++) {
            int at = from + i < candidates.length ? from + i : from + i - candidates.length;
            if (candidates[at].holds(machine)) {
                last[slot] = at;
                return true;
            }
        }
        return false;
    }

    /** The states at a slot, in words. */
    List<String> texts(int slot) {
        return List.of(checks[slot]).stream().map(StateCheck::toString).toList();
    }
}

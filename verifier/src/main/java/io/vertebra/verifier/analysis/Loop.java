package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Frame;
import io.vertebra.verifier.domain.Slot;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Subsumption;
import io.vertebra.verifier.domain.Widening.Guess;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/**
 * One attempt to prove a loop as a whole: a guess of what holds at its head in every iteration, from which all is explored;
 * paths that come back to the head end there.
 *
 * <p>Sound because the guess is inductive when every such path ends in it again: by induction over the iterations, each of
 * them begins in it, so that what was explored from it is all that can happen. That is why a path ends at the head only
 * when the guess covers its state in everything, and why all that the guess knows counts as read.
 */
final class Loop {

    /** More instructions than any run may execute. */
    private static final long FAR = 1L << 60;

    private final int head;
    private final int level;
    private final Guess guess;
    private final Node root;
    /** Instructions that may be processed in all until the attempt is given up. */
    private final long until;

    private final Ranking ranking;
    private State escaped;

    Loop(int head, int level, Guess guess, Node root, long until) {
        this.head = head;
        this.level = level;
        this.guess = guess;
        this.root = root;
        this.until = until;
        ranking = new Ranking(guess);
    }

    int head() {
        return head;
    }

    /** Loops that are proved as a whole around the paths of this one, itself included. */
    int level() {
        return level;
    }

    Guess guess() {
        return guess;
    }

    /** The node that stands for the head in any iteration. */
    Node root() {
        return root;
    }

    boolean isTooLong(long processed) {
        return processed > until;
    }

    /**
     * Whether an iteration ends in the guess again; if not, its state is kept for the next guess.
     *
     * @param common words that count iterations of loops around this one
     */
    boolean covers(State state, List<Integer> common) {
        var everything = new long[state.depth()];
        Arrays.fill(everything, -1);
        if (!Subsumption.covers(guess.state(), state, everything, common)) {
            escaped = state;
            return false;
        }
        ranking.iteration(state);
        return true;
    }

    /** A state at the head that the guess did not cover, or null. */
    State escaped() {
        return escaped;
    }

    /** How often an iteration is followed by another one at most; empty if that is not known. */
    OptionalLong iterations() {
        return ranking.most();
    }

    /** Whether nothing is known to move in every iteration. */
    boolean standsStill() {
        return ranking.standsStill();
    }

    /** What a run executes from the head on, in so many iterations at most that are followed by another one. */
    Tails tails(long iterations) {
        long turn = root.tails().toHead(level);
        boolean far = turn != 0 && iterations > FAR / turn;
        return root.tails().closed(level, Tails.none()).after(far ? FAR : iterations * turn);
    }

    /** For each frame, the stack slots of which the guess knows something. */
    long[] known() {
        var result = new long[guess.state().depth()];
        for (int frame = 0; frame < result.length; frame++) {
            for (int slot = 0; slot < Frame.STACK_SLOTS; slot++) {
                if (!guess.state().peekSlot(frame, slot).equals(Slot.UNSET)) {
                    result[frame] |= 1L << slot;
                }
            }
        }
        return result;
    }
}

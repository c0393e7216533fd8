package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;

/** One path while it is walked. */
final class Path {

    State state;
    int slot;
    /** The last stored state on the path. */
    Node node;
    /** Instructions since then. */
    long steps;
    /** The last decision, null before the first one. */
    Decision decisions;
    /** Whether nothing more of it is to be walked. */
    boolean ended;

    Path(State state, int slot, Node node, long steps, Decision decisions) {
        this.state = state;
        this.slot = slot;
        this.node = node;
        this.steps = steps;
        this.decisions = decisions;
    }

    /** A path that goes on from here in another state. */
    Path with(State other) {
        return new Path(other, slot, node, steps, decisions);
    }

    /** Instructions from the entry to here. */
    long length() {
        return node.steps + steps;
    }

    /** Whether the last stored state is that of this place. */
    boolean isAtNode() {
        return steps == 0 && node.slot == slot;
    }

    /**
     * A decision on a path: at a jump, or at a helper that calls a function.
     *
     * @param slot where it was taken
     * @param next the instruction after it
     * @param before the decision before it, or null
     */
    record Decision(int slot, int next, Decision before) {
        /** Whether a jump jumped. */
        boolean isTaken() {
            return next != slot + 1;
        }
    }
}

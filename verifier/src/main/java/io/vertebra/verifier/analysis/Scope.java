package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What is explored to its end before anything else: the program, or a function that a helper calls. */
final class Scope {

    final Visits visits;
    /** The paths that are still to be walked. */
    final Deque<Path> pending = new ArrayDeque<>();
    /** Frames of a path that an exit ends. */
    final int depth;
    /** Gets the state at each exit. */
    final Consumer<State> exits;

    /** A scope whose states matter whole in the frames below its own: what the exits leave there is looked at. */
    Scope(int depth, Consumer<State> exits) {
        this.depth = depth;
        this.exits = exits;
        visits = new Visits(depth - 1);
    }

    /** A scope whose exits leave nothing. */
    static Scope ofRun() {
        return new Scope(1, _ -> {});
    }
}

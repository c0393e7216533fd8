package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is explored to its end before anything else: the program, a function that a helper calls, or what comes after the
 * head of a loop that is proved as a whole.
 */
final class Scope {

    final Visits visits;
    /** The paths that are still to be walked. */
    final Deque<Path> pending = new ArrayDeque<>();
    /** Frames of a path that an exit ends. */
    final int depth;
    /** Gets the state at each exit. */
    final Consumer<State> exits;
    /** The loop that is proved as a whole, or null. */
    final Loop loop;
    /** The scope around a loop, whose complete states may end paths of this one. */
    private final Scope outer;

    private final int whole;

    private Scope(int depth, int whole, Consumer<State> exits, Loop loop, Scope outer) {
        this.depth = depth;
        this.whole = whole;
        this.exits = exits;
        this.loop = loop;
        this.outer = outer;
        visits = new Visits(whole);
    }

    /** A scope whose states matter whole in the frames below its own: what the exits leave there is looked at. */
    Scope(int depth, Consumer<State> exits) {
        this(depth, depth - 1, exits, null, null);
    }

    /** A scope whose exits leave nothing. */
    static Scope ofRun() {
        return new Scope(1, _ -> {});
    }

    /**
     * A scope in this one, of what comes after the head of a loop.
     *
     * @param later gets the state at each exit; it counts only when the loop is proved
     */
    Scope of(Loop inner, Consumer<State> later) {
        return new Scope(depth, whole, later, inner, this);
    }

    /** Loops around the paths of this scope that are proved as a whole. */
    int level() {
        return loop == null ? 0 : loop.level();
    }

    /** The loops around the paths of this scope, from the inside outwards. */
    List<Loop> loops() {
        var result = new ArrayList<Loop>();
        for (var scope = this; scope != null && scope.loop != null; scope = scope.outer) {
            result.add(scope.loop);
        }
        return result;
    }

    /** The words that count the iterations of loops, up to a level: all paths in them must agree on these. */
    List<Integer> counters(int level) {
        if (loop == null) {
            return List.of();
        }
        var result = new ArrayList<Integer>();
        for (var around : loops()) {
            if (around.level() <= level) {
                result.addAll(around.guess().words());
            }
        }
        return result;
    }

    /** A complete node that covers the state, of this scope or one around it. */
    Optional<Node> covering(int slot, State state) {
        var counters = counters(level());
        for (var scope = this; scope != null; scope = scope.outer) {
            var node = scope.visits.covering(slot, state, counters);
            if (node.isPresent()) {
                return node;
            }
        }
        return Optional.empty();
    }
}

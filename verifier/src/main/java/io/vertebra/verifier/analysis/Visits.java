package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Generalisation;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Subsumption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The complete nodes by slot. Where many gather that differ only in ranges of numbers, a new state is made more general
 * before it is explored; the result covers it, so exploring that instead is sound.
 */
final class Visits {

    /** A node that did not help in so many comparisons, with more for each time it did, is dropped. */
    private static final int PATIENCE = 64;

    private static final int REWARD = 8;

    /** So many states at one slot are kept apart before they are generalised. */
    private static final int CROWD = 8;

    /** So often a range is put around numbers; then their ranges are given up. */
    private static final int HULLS = 3;

    private final Map<Integer, List<Node>> nodes = new HashMap<>();
    private final int whole;
    private long size;
    private long peak;

    /**
     * Without nodes.
     *
     * @param whole frames, from the first, whose stacks matter whole to what comes after the paths
     */
    Visits(int whole) {
        this.whole = whole;
    }

    /**
     * A complete node that covers the state.
     *
     * @param common words that both must agree on
     */
    Optional<Node> covering(int slot, State state, List<Integer> common) {
        var candidates = nodes.getOrDefault(slot, List.of());
        for (int i = candidates.size() - 1; i >= 0; i--) {
            var node = candidates.get(i);
            if (Subsumption.covers(node.state, state, mattering(node), common)) {
                node.hits++;
                return Optional.of(node);
            }
            node.misses++;
            if (node.misses > PATIENCE + REWARD * node.hits) {
                candidates.remove(i);
                size--;
            }
        }
        return Optional.empty();
    }

    /**
     * A more general state to explore instead, with its generation, when there are many states at the slot and one of
     * them differs only in ranges.
     *
     * @param cases whether constants that differ are no ranges
     */
    Optional<General> general(int slot, State state, boolean cases) {
        var candidates = nodes.getOrDefault(slot, List.of());
        if (candidates.size() < CROWD) {
            return Optional.empty();
        }
        for (int i = candidates.size() - 1; i >= 0; i--) {
            var node = candidates.get(i);
            var general = Generalisation.of(node.state, state, mattering(node), cases, node.generation >= HULLS);
            if (general.isPresent()) {
                return Optional.of(new General(general.get(), node.generation + 1));
            }
        }
        return Optional.empty();
    }

    private long[] mattering(Node node) {
        if (whole == 0) {
            return node.read();
        }
        var slots = node.read().clone();
        Arrays.fill(slots, 0, whole, -1);
        return slots;
    }

    /** A state that was made more general, and how often. */
    record General(State state, int generation) {}

    /** Keeps a complete node. */
    void add(Node node) {
        nodes.computeIfAbsent(node.slot, _ -> new ArrayList<>()).add(node);
        size++;
        peak = Math.max(peak, size);
    }

    /** Keeps the nodes of a loop that was proved as a whole; {@code tails} is what follows its head. */
    void addLoop(Visits loop, int level, Tails tails) {
        for (var kept : loop.nodes.values()) {
            for (var node : kept) {
                node.close(level, tails);
                add(node);
            }
        }
    }

    /** Most nodes kept at once. */
    long peak() {
        return peak;
    }
}

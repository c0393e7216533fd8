package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Subsumption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The complete nodes by slot. This is the place where states that differ little would be joined instead of kept apart:
 * a joined state covers both, so exploring it is sound.
 */
final class Visits {

    /** A node that did not help in so many comparisons, with more for each time it did, is dropped. */
    private static final int PATIENCE = 64;

    private static final int REWARD = 8;

    private final Map<Integer, List<Node>> nodes = new HashMap<>();
    private long size;
    private long peak;

    /** A complete node that covers the state. */
    Optional<Node> covering(int slot, State state) {
        var candidates = nodes.getOrDefault(slot, List.of());
        for (int i = candidates.size() - 1; i >= 0; i--) {
            var node = candidates.get(i);
            if (Subsumption.covers(node.state, state, node.read())) {
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

    /** Keeps a complete node. */
    void add(Node node) {
        nodes.computeIfAbsent(node.slot, _ -> new ArrayList<>()).add(node);
        size++;
        peak = Math.max(peak, size);
    }

    /** Most nodes kept at once. */
    long peak() {
        return peak;
    }
}

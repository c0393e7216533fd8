package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;

/**
 * A stored state: a point where paths meet, reached by one path. Nodes form the tree of the exploration. A node is
 * <em>complete</em> when every path from it ended; only then it is known what it read and how long the longest path is, and
 * only then may other paths end at it.
 */
final class Node {

    final Node parent;
    final int slot;
    final State state;
    /** Instructions from the entry to here. */
    final long steps;

    private final long stepsFromParent;
    /** Slots of each frame that were overwritten between the parent and here. */
    private final long[] overwrittenBefore;
    /** Slots of each frame that paths from here read before they overwrote them. */
    private final long[] read;

    private int open = 1;
    private long longest;
    /** How often states were generalised to make this one, 0 for a state as the path brought it. */
    int generation;

    int hits;
    int misses;

    Node(Node parent, int slot, State state, long stepsFromParent, long[] overwrittenBefore) {
        this.parent = parent;
        this.slot = slot;
        this.state = state;
        this.stepsFromParent = stepsFromParent;
        this.overwrittenBefore = overwrittenBefore;
        read = new long[state.depth()];
        steps = parent == null ? 0 : parent.steps + stepsFromParent;
    }

    /** One more path from here is to be explored. */
    void branch() {
        open++;
    }

    /**
     * A path from here ended.
     *
     * @param tail the most instructions that it can execute after this node
     * @return whether it was the last one, so that this node is complete
     */
    boolean end(long tail) {
        longest = Math.max(longest, tail);
        open--;
        return open == 0;
    }

    /** The most instructions that a run executes after this node. */
    long longest() {
        return longest;
    }

    /** The most instructions that a run executes after the parent, by way of this node. */
    long longestFromParent() {
        return stepsFromParent + longest;
    }

    /** Slots of each frame that matter to the paths from here. */
    long[] read() {
        return read;
    }

    /** Notes slots that were read after this node, and passes them on to the nodes before it. */
    void noteRead(long[] slots) {
        var left = slots.clone();
        boolean more = true;
        for (var node = this; node != null && more; node = node.parent) {
            more = false;
            for (int frame = 0; frame < Math.min(left.length, node.read.length); frame++) {
                // What was noted before was passed on before.
                long added = left[frame] & ~node.read[frame];
                node.read[frame] |= added;
                left[frame] = added & ~node.overwrittenBefore[frame];
                more |= left[frame] != 0;
            }
        }
    }
}

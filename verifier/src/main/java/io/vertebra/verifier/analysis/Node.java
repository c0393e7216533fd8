package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;

/**
 * A stored state: a point where paths meet, reached by one path. Nodes form the tree of the exploration. A node is
 * <em>complete</em> when every path from it ended; only then it is known what it read and how long the longest path is, and
 * only then may other paths end at it.
 */
final class Node {

    final Node parent;
    private final Node before;
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
    private Tails tails = Tails.none();
    /** How often states were generalised to make this one, 0 for a state as the path brought it. */
    int generation;

    /** At the head of a loop, how often the path came back to it, and the node of the first time. */
    int iteration;

    Node first = this;
    /** How often a path came back to the head after this first time. */
    int turns;

    int hits;
    int misses;

    Node(Node parent, int slot, State state, long stepsFromParent, long[] overwrittenBefore) {
        this(parent, parent, slot, state, stepsFromParent, overwrittenBefore);
    }

    /** The first node of a loop that is proved as a whole, on a path that came to its head. */
    static Node ofLoop(Path path, State guess) {
        return new Node(null, path.node, path.slot, guess, path.steps, new long[guess.depth()]);
    }

    private Node(Node parent, Node before, int slot, State state, long stepsFromParent, long[] overwrittenBefore) {
        this.parent = parent;
        this.before = before;
        this.slot = slot;
        this.state = state;
        this.stepsFromParent = stepsFromParent;
        this.overwrittenBefore = overwrittenBefore;
        read = new long[state.depth()];
        steps = before == null ? 0 : before.steps + stepsFromParent;
    }

    /** One more path from here is to be explored. */
    void branch() {
        open++;
    }

    /**
     * A path from here ended.
     *
     * @param tail what it can execute after this node
     * @return whether it was the last one, so that this node is complete
     */
    boolean end(Tails tail) {
        tails = tails.or(tail);
        open--;
        return open == 0;
    }

    /** The most instructions that a run executes after this node. */
    long longest() {
        return tails.toExit();
    }

    /** What a run executes after this node. */
    Tails tails() {
        return tails;
    }

    /** What a run executes after the parent, by way of this node. */
    Tails tailsFromParent() {
        return tails.after(stepsFromParent);
    }

    /** A loop around the node was proved as a whole: where a path went back to its head, {@code whole} follows. */
    void close(int level, Tails whole) {
        tails = tails.closed(level, whole);
    }

    /** The node before this one on the path, also when this one is the first of a loop that is proved as a whole. */
    Node before() {
        return before;
    }

    /** Notes that the node is at the head of a loop, in the iteration after another one. */
    void follow(Node previous) {
        iteration = previous.iteration + 1;
        first = previous.first;
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

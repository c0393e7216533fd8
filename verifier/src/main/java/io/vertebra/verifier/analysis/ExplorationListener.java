package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;
import java.util.Set;

/**
 * Sees how a program is explored, event by event, on the thread that verifies it. The states belong to the explorer and
 * go on changing: copy what is to be kept.
 */
public interface ExplorationListener {

    /** Looks away. */
    ExplorationListener NONE = new ExplorationListener() {};

    /**
     * All paths are explored from the entry; what was told of an exploration before this one is void.
     *
     * @param exact slots at which states are not made more general this time
     * @param split slots of instructions whose results are told in cases this time
     */
    default void begins(Set<Integer> exact, Set<Integer> split) {}

    /**
     * A path is walked from here on.
     *
     * @param from slot of the jump that leads here, -1 for the program's entry
     * @param slot the next instruction
     * @param state what holds before it
     */
    default void walks(int from, int slot, State state) {}

    /**
     * An instruction is looked at; it was neither checked nor did it take effect.
     *
     * @param slot the instruction
     * @param state what holds before it, as far as it was not stored or covered on behalf of another path
     * @param read for each frame, the stack slots of the last stored state that matter; complete, and of use, only when
     *     the exploration has ended
     */
    default void instruction(int slot, State state, long[] read) {}

    /** A jump may go both ways: the path goes on behind it, the other way is walked later. */
    default void branches(int slot, int target) {}

    /**
     * The result of an instruction is told in cases: the path goes on with the first one, the others are walked later.
     *
     * @param cases how many there are
     */
    default void splits(int slot, int cases) {}

    /** Neither way of a jump is possible: no run comes here with this state. */
    default void vanishes(int slot) {}

    /** A state is kept, to compare later ones with. */
    default void stores(int slot, State state) {}

    /** A path ends, because a state that was explored to the end covers its own. */
    default void covers(int slot, State explored, State state) {}

    /**
     * A state is replaced by a more general one before it is explored, because many of the same kind were stored at the
     * slot.
     */
    default void generalises(int slot, State state, State general) {}

    /** A path ends at the program's exit. */
    default void ends(int slot, State state) {}

    /**
     * A helper calls a function: its paths are walked to their ends before the one that called the helper goes on, and
     * once more whenever they leave what the later calls would find changed.
     *
     * @param slot the call of the helper
     * @param entry first slot of the function
     */
    default void callsBack(int slot, int entry) {}

    /** A path ends, because a function returns to the helper that called it. */
    default void returnsToHelper(int slot, State state) {}

    /** The exploration ends, because something is wrong. */
    default void fails(int slot, String problem) {}
}

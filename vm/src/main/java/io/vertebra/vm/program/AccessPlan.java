package io.vertebra.vm.program;

import java.util.Map;
import java.util.Set;

/**
 * What verification proved, in the form an executor can use: for each memory access the regions it may touch, and the
 * bounds that hold for every run.
 *
 * @param accesses by slot, for each load, store and atomic: the regions of its base pointer over all paths; a slot
 *     that is absent is never reached
 * @param stackBytes deepest use of the stack over all call chains, bytes
 * @param maxSteps most instructions that one run executes, callbacks included
 * @param contextEscapes whether the context's address reaches a helper, a spill, or a subprogram
 * @param helpers ids of all helpers that reachable code calls
 */
public record AccessPlan(
        Map<Integer, Set<Region>> accesses,
        int stackBytes,
        long maxSteps,
        boolean contextEscapes,
        Set<Integer> helpers) {

    /** A kind of memory that a pointer leads into. */
    public sealed interface Region {}

    /** The codelet's stack, any frame. */
    public record Stack() implements Region {}

    /** The context struct. */
    public record Context() implements Region {}

    /** The payload between {@code data} and {@code data_end}. */
    public record Payload() implements Region {}

    /** A key of the program's map with this index, as a callback gets it. */
    public record MapKey(int map) implements Region {}

    /** Values of the program's map with this index. */
    public record MapValue(int map) implements Region {}

    /** A reserved record of the ring buffer with this index. */
    public record RingRecord(int map) implements Region {}

    /** Makes the collections immutable. */
    public AccessPlan {
        accesses = Map.copyOf(accesses);
        helpers = Set.copyOf(helpers);
    }
}

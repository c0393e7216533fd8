package io.vertebra.vm.program;

import java.util.Map;
import java.util.Set;

/**
 * What verification proved, in the form an executor can use: where each memory access goes, and the bounds that hold for
 * every run. A subprogram that is called from several places has the regions of all of them.
 *
 * @param accesses by slot, for each load, store and atomic: the regions of its base pointer over all paths; a slot
 *     that is absent is never reached
 * @param offsets by slot, for accesses with one region that always begin at the same byte of it: the offset of that
 *     byte; in the stack relative to the r10 of the frame that it lies in
 * @param callbacks by slot, for each call of a helper that calls back: the first slots of the functions it may call
 * @param stackBytes deepest use of the stack over all call chains, bytes
 * @param maxSteps most instructions that one run executes, callbacks included; of a program that makes tail calls, most
 *     instructions of the whole chain if no other program of it has a greater bound
 * @param context how the context is used
 * @param helpers ids of all helpers that reachable code calls
 */
public record AccessPlan(
        Map<Integer, Set<Region>> accesses,
        Map<Integer, Integer> offsets,
        Map<Integer, Set<Integer>> callbacks,
        int stackBytes,
        long maxSteps,
        ContextUse context,
        Set<Integer> helpers) {

    /** How often a run may go on in another program. */
    public static final int TAIL_CALLS = 33;

    /** A kind of memory that a pointer leads into. */
    public sealed interface Region {}

    /** The codelet's stack, any frame. */
    public record Stack() implements Region {}

    /** The context struct. */
    public record Context() implements Region {}

    /** The payload between {@code data} and {@code data_end}. */
    public record Payload() implements Region {}

    /** The copy of a map's key that a callback gets; read-only. */
    public record CallbackKey() implements Region {}

    /** Values of the program's map with this index. */
    public record MapValue(int map) implements Region {}

    /** Values, or reserved records, of the inner maps of the program's map with this index. */
    public record InnerMapValue(int outer) implements Region {}

    /** A reserved record of the ring buffer with this index. */
    public record RingRecord(int map) implements Region {}

    /** A sample of the user ring buffer with this index, as a callback gets it. */
    public record Sample(int map) implements Region {}

    /** How a program uses its context, each use including those before it. */
    public enum ContextUse {
        /** By loads of fields, in the entry function. */
        LOADED,
        /** The address is handed on in a register: to subprograms, callbacks and tail calls. */
        HANDED_ON,
        /** The address is kept in memory, or other helpers get it. */
        ESCAPES
    }

    /** Makes the collections immutable. */
    public AccessPlan {
        accesses = Map.copyOf(accesses);
        offsets = Map.copyOf(offsets);
        callbacks = Map.copyOf(callbacks);
        helpers = Set.copyOf(helpers);
    }
}

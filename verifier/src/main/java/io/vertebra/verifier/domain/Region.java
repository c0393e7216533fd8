package io.vertebra.verifier.domain;

import io.vertebra.vm.helper.Dynptr.Kind;

/** The memory that a pointer leads into, as the verifier tells regions apart. */
public sealed interface Region {

    /** The stack of the frame with this number, 0 for the entry function's; offsets are -512 to -1. */
    record Stack(int frame) implements Region {}

    /** The context struct. */
    record Context() implements Region {}

    /** The payload; offsets count from its first byte. */
    record Payload() implements Region {}

    /** The address after the payload: it can be compared and subtracted, not followed. */
    record PayloadEnd() implements Region {}

    /** A copy of a key of the map with this index, for the time of one callback; read-only. */
    record MapKey(int map) implements Region {}

    /** A value of the map with this index. */
    record MapValue(int map) implements Region {}

    /** The object of the map with this index, which a lookup in a map of maps gave: for helpers, no memory. */
    record MapObject(int map) implements Region {}

    /** A reserved record of the ring buffer with this index, {@code size} bytes. */
    record RingRecord(int map, long size) implements Region {}

    /** The dynptr of a sample of the user ring buffer with this index, for the time of one callback; no memory. */
    record SampleDynptr(int map) implements Region {}

    /**
     * A part of a dynptr's memory, {@code size} bytes at an unknown place.
     *
     * @param map index of the map that has the memory
     * @param owner id of what ends it: a reservation, or a sample's dynptr; 0 for a map's value, which outlives the run
     */
    record Slice(Kind kind, int map, int owner, long size) implements Region {}
}

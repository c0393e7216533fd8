package io.vertebra.verifier.domain;

import io.vertebra.vm.helper.Dynptr.Kind;

/** What a register or a stack slot holds. */
public sealed interface Value {

    /** Nothing that may be read. It stands for any value, so that it covers all others. */
    record Uninitialised() implements Value {}

    /**
     * A number.
     *
     * @param scalar what is known of it
     * @param id numbers with the same id, if it is not 0, are equal: what a branch tells of one holds for all
     */
    record Number(Scalar scalar, int id) implements Value {}

    /**
     * A pointer {@code offset + variable} bytes into a region.
     *
     * @param region where it leads
     * @param offset the constant part of the distance
     * @param variable the unknown part of the distance
     * @param id pointers with the same id, if it is not 0, come from the same lookup or reservation, or for a payload
     *     have the same variable part: what a branch tells of one holds for all
     * @param proven bytes after {@code variable} (not after {@code offset}) that surely belong to the payload, {@link
     *     #UNPROVEN} when not even {@code variable} is known to be inside; 0 in other regions
     * @param nullable whether it may also be null
     */
    record Pointer(Region region, long offset, Scalar variable, int id, long proven, boolean nullable)
            implements Value {

        /** Nothing was compared with the payload's end since the variable part changed. */
        public static final long UNPROVEN = Long.MIN_VALUE;
    }

    /** A map object. */
    record MapReference(int map) implements Value {}

    /** The address of the subprogram that starts at a slot. */
    record FunctionReference(int slot) implements Value {}

    /**
     * Half of the 16 opaque bytes of a dynptr; only in stack slots.
     *
     * @param kind where its memory comes from
     * @param map index of the map or ring buffer that has the memory
     * @param id tells it from others; of a reserved one, that of the reservation
     * @param first whether it is the lower half
     */
    record Dynptr(Kind kind, int map, int id, boolean first) implements Value {
        /** The other half. */
        public Dynptr other() {
            return new Dynptr(kind, map, id, !first);
        }
    }

    /** The one uninitialised value. */
    Value UNINITIALISED = new Uninitialised();

    /** A number without known equals. */
    static Number number(Scalar scalar) {
        return new Number(scalar, 0);
    }

    /** A pointer to a place in a region that is never null. */
    static Pointer pointer(Region region, long offset) {
        return new Pointer(region, offset, Scalar.ZERO, 0, 0, false);
    }
}

package io.vertebra.verifier.domain;

import io.vertebra.vm.helper.Dynptr.Kind;

/** What a register or a stack slot holds. */
public sealed interface Value {

    /** Nothing that may be read. It stands for any value, so that it covers all others. */
    record Uninitialised() implements Value {}

    /** Which part of {@code word + delta} a number is. */
    enum Part {
        /** All 64 bits. */
        WHOLE,
        /** The lower 32 bits, the others 0. */
        LOW,
        /** The lower 32 bits, moved to the upper half: the first part of a sign or zero extension by two shifts. */
        SHIFTED_LOW,
        /** As {@link #SHIFTED_LOW}, when the upper half was 0. */
        SHIFTED_WHOLE
    }

    /**
     * A number. Numbers with the same id, if it is not 0, are parts of sums of one word, which is not known itself, and a
     * constant: what a branch tells of one tells of the others.
     *
     * <p>A positive id names any word. The complement of an index is the word {@code data_end - data - index}: the bytes of
     * the payload behind {@link Pointer#index}, so that {@link #LENGTH} is the payload's length. As integers, such words
     * are between -2^41 and 2^41.
     *
     * @param scalar what is known of it
     * @param id the word, 0 for a number without known relatives
     * @param delta the constant
     * @param part what is left of the sum
     */
    record Number(Scalar scalar, int id, long delta, Part part) implements Value {

        /** The id of the payload's length. */
        public static final int LENGTH = ~0;

        /** Sums with constants beyond this are not followed, so that they cannot overflow. */
        private static final long FAR = 1L << 40;

        /** A number that is a word itself. */
        public Number(Scalar scalar, int id) {
            this(scalar, id, 0, Part.WHOLE);
        }

        /** Whether all of the word can be told from the number. */
        public boolean isWhole() {
            return part == Part.WHOLE;
        }

        /** Whether the word has to do with the payload's end. */
        public boolean isRest() {
            return id < 0;
        }

        /** The number with another scalar. */
        public Number with(Scalar known) {
            return new Number(known, id, delta, part);
        }

        /** The number as a sum of another word; of none if it is none of this one. */
        Number of(int word) {
            return id == 0 ? this : new Number(scalar, word, delta, part);
        }

        /** The number that has another part of the word. */
        public Number as(Part other, Scalar known) {
            return new Number(known, id, delta, other);
        }

        /** The number that has a part of the word plus a constant more; unrelated when that is too much. */
        public Number moved(Scalar result, long by, Part newPart) {
            long sum = delta + by;
            return Math.abs(by) > FAR || Math.abs(sum) > FAR ? number(result) : new Number(result, id, sum, newPart);
        }
    }

    /**
     * A pointer {@code offset + variable} bytes into a region.
     *
     * @param region where it leads
     * @param offset the constant part of the distance
     * @param variable the unknown part of the distance
     * @param id pointers with the same id, if it is not 0, come from the same lookup or reservation: what a null check
     *     tells of one holds for all
     * @param index the word that is the variable part, as the id of numbers; 0 if there is no variable part, or, outside
     *     the payload, if it is not followed
     * @param nullable whether it may also be null
     */
    record Pointer(Region region, long offset, Scalar variable, int id, int index, boolean nullable) implements Value {

        /** The pointer with another variable part. */
        public Pointer withVariable(Scalar known) {
            return new Pointer(region, offset, known, id, index, nullable);
        }

        /** The pointer whose variable part is known. */
        Pointer withoutIndex(long value) {
            return new Pointer(region, offset + value, Scalar.ZERO, id, 0, nullable);
        }

        /** The pointer whose index is another word plus a constant. */
        Pointer behind(int base, long by) {
            return new Pointer(region, offset + by, variable.plus(-by), id, base, nullable);
        }

        /** The whole distance from the region's start. */
        public Scalar distance() {
            return variable.plus(offset);
        }
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

    /** A number without known relatives. */
    static Number number(Scalar scalar) {
        return new Number(scalar, 0);
    }

    /** A pointer to a place in a region that is never null. */
    static Pointer pointer(Region region, long offset) {
        return new Pointer(region, offset, Scalar.ZERO, 0, 0, false);
    }
}

package io.vertebra.vm.core;

/** What becomes of one relocated instruction. */
sealed interface Resolution {

    /**
     * A number takes the place of another.
     *
     * @param before what the compiler put there
     * @param after what is to be there
     * @param checked whether {@code before} must be what is there
     * @param access how a load or a store has to change
     */
    record Patched(long before, long after, boolean checked, Access access) implements Resolution {}

    /** There is nothing to put there; the instruction must not be reached. */
    record Poisoned(String reason) implements Resolution {}

    /**
     * The size of a load or a store, which follows that of its field.
     *
     * @param before bytes in the object, 0 when the record is not about a load or a store
     * @param after bytes in the target
     * @param numbers what both fields hold
     */
    record Access(long before, long after, Numbers numbers) {
        /** No load or store. */
        static final Access NONE = new Access(0, 0, Numbers.UNSIGNED);
    }

    /** How the field's bytes are to be read. */
    enum Numbers {
        /** Unsigned in both, or pointers: zeros above. */
        UNSIGNED,
        /** Signed in both: copies of the sign above. */
        SIGNED,
        /** In one way here and in another there. */
        MIXED
    }
}

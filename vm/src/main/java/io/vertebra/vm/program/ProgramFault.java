package io.vertebra.vm.program;

/**
 * A run that an executor had to end: an access outside its region, an exhausted step budget, an illegal call. Verified
 * programs never cause one; it is the second wall (memory stays safe even when a verifier was wrong). Carries no stack
 * trace, because it says what the codelet did, not what Java did.
 */
public final class ProgramFault extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int slot;

    /**
     * A fault.
     *
     * @param slot the instruction that caused it
     * @param message region, offset and size, or the limit that was reached
     */
    public ProgramFault(int slot, String message) {
        super(message, null, false, false);
        this.slot = slot;
    }

    /** The slot of the instruction that caused it. */
    public int slot() {
        return slot;
    }
}

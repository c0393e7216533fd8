package io.vertebra.verifier.soundness;

/** An accepted program did what the verifier says it cannot do. */
final class Counterexample extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int slot;

    Counterexample(int slot, String what) {
        super("insn " + slot + ": " + what, null, false, false);
        this.slot = slot;
    }

    int slot() {
        return slot;
    }
}

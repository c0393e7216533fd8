package io.vertebra.verifier.analysis;

/**
 * What a verification may cost, all its explorations together, so that a hostile program gets its verdict too. Sound
 * because a program whose budget is used up is rejected.
 */
final class Budget {

    /** Most instructions processed, as many as Linux does. */
    static final long INSTRUCTIONS = 1_000_000;

    /** Most looks at stored states to find which loop a path is in: about a second. */
    static final long LOOKS = 100_000_000;

    private static final long STATES_PER_GAP = 4096;

    private long most = INSTRUCTIONS;
    private long instructions;
    private long looks;
    private long states;

    /** One more instruction is processed. */
    void instruction() {
        instructions++;
    }

    /** One more state is stored. */
    void state() {
        states++;
    }

    /** One more stored state is looked at on the way back along a path. */
    void look() {
        looks++;
    }

    /** Lets so many more instructions be processed, if that many are left. */
    void allow(long more) {
        most = Math.min(INSTRUCTIONS, instructions + more);
    }

    /** Whether the last instruction was one too many, or the last look. */
    boolean isExhausted() {
        return instructions > most || looks > LOOKS;
    }

    /**
     * Instructions between one stored state and the next, at least: more and more, so that a program has at most 100,000
     * states. Sound because states may be stored anywhere or nowhere.
     */
    long gap() {
        return states / STATES_PER_GAP;
    }

    /** Whether so much is used up that states should be joined even where it may cost the proof. */
    boolean isTight() {
        return instructions > INSTRUCTIONS / 4;
    }

    /** Instructions processed. */
    long instructions() {
        return instructions;
    }

    /** States stored. */
    long states() {
        return states;
    }
}

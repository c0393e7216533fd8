package io.vertebra.vm.conformance;

/** How a test went. */
public sealed interface Outcome {

    /** As it should. */
    record Passed() implements Outcome {}

    /**
     * Otherwise.
     *
     * @param reason what is, and what should be
     */
    record Failed(String reason) implements Outcome {}

    /**
     * It is not about programs.
     *
     * @param reason what it is about
     */
    record Skipped(String reason) implements Outcome {}
}

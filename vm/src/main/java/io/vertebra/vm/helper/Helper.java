package io.vertebra.vm.helper;

/**
 * A helper function: what the verifier knows of it, and what it does. The body must be thread-safe; it belongs to many
 * runs at once.
 *
 * @param prototype number, name, kinds of arguments and result
 * @param body what a call does
 */
public record Helper(HelperPrototype prototype, Body body) {

    /** What a helper does with r1 to r5; the result is r0. */
    @FunctionalInterface
    public interface Body {
        /** One call. Arguments that the prototype does not have are whatever the registers hold. */
        long call(HelperContext run, long a, long b, long c, long d, long e);
    }
}

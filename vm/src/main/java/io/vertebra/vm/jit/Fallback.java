package io.vertebra.vm.jit;

/** What happens with a program that cannot be compiled, because its code is too long for a class. */
public enum Fallback {
    /** It is interpreted. */
    SILENT,
    /** It is interpreted, and the log says so. */
    WARN,
    /** An {@link IllegalStateException}; what tests use. */
    FAIL
}

package io.vertebra.vm.jit;

/** What happens with a program that cannot be compiled: one of more than 2^20 instructions, or that the JVM refuses. */
public enum Fallback {
    /** It is interpreted. */
    SILENT,
    /** It is interpreted, and the log says so. */
    WARN,
    /** An {@link IllegalStateException}; what tests use. */
    FAIL
}

package io.vertebra.vm.jit;

/** What a register surely holds; where nothing is known there is no origin (null). */
sealed interface Origin {

    /** {@code r10 + offset}. */
    record Stack(long offset) implements Origin {}

    /** The object of the program's map with this index. */
    record MapObject(int map) implements Origin {}

    /** A number or an address, the same in every run. */
    record Constant(long value) implements Origin {}
}

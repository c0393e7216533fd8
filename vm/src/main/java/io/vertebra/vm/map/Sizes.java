package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;

/** What map types require of the sizes in a specification. Stateless. */
final class Sizes {

    /** The longest key, as in Linux: the size of a stack frame. */
    private static final int LONGEST_KEY = 512;

    private Sizes() {}

    static void entries(MapSpec spec) {
        if (spec.maxEntries() < 1) {
            throw wrong(spec, "max_entries=" + Integer.toUnsignedLong(spec.maxEntries()), "[1, 2147483647]");
        }
    }

    static void key(MapSpec spec) {
        if (spec.keySize() < 1 || spec.keySize() > LONGEST_KEY) {
            throw wrong(spec, "key_size=" + spec.keySize(), "[1, " + LONGEST_KEY + "]");
        }
    }

    static void noKey(MapSpec spec) {
        if (spec.keySize() != 0) {
            throw wrong(spec, "key_size=" + spec.keySize(), "0, because a " + spec.type() + " has no keys");
        }
    }

    static void value(MapSpec spec) {
        if (spec.valueSize() < 1) {
            throw wrong(spec, "value_size=" + spec.valueSize(), "at least 1");
        }
    }

    /** The least power of two that is not less than a positive number, at most 2^61. */
    static long powerOfTwo(long atLeast) {
        return Long.highestOneBit(2 * Math.min(atLeast, 1L << 61) - 1);
    }

    static IllegalArgumentException wrong(MapSpec spec, String observed, String allowed) {
        return new IllegalArgumentException("map `" + spec.name() + "`: " + observed + ", allowed " + allowed);
    }
}

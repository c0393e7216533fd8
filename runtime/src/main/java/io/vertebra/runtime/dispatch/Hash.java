package io.vertebra.runtime.dispatch;

/** Spreads keys over a few places. */
final class Hash {

    private static final long GOLDEN_RATIO = 0x9E3779B97F4A7C15L;

    private Hash() {}

    /** One of {@code count} indices, always the same for a key. */
    static int index(long key, int count) {
        long upper = (key * GOLDEN_RATIO) >>> 32;
        return (int) ((upper * count) >>> 32);
    }
}

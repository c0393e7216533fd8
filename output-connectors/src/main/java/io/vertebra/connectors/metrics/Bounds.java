package io.vertebra.connectors.metrics;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.function.IntFunction;

/** The upper bounds of buckets in base units. */
final class Bounds {

    private Bounds() {}

    /** Each of {@code finite} raw bounds times the multiplier, rounded once, and the infinite one. */
    static double[] of(int finite, double multiplier, IntFunction<BigDecimal> raw) {
        var unit = BigDecimal.valueOf(multiplier);
        var bounds = new double[finite + 1];
        Arrays.setAll(bounds, k -> k < finite ? raw.apply(k).multiply(unit).doubleValue() : Double.POSITIVE_INFINITY);
        return bounds;
    }
}

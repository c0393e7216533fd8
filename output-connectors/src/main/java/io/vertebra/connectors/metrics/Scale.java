package io.vertebra.connectors.metrics;

import java.math.BigDecimal;

/**
 * From a raw unit to a base unit, rounded once: 46,932 microseconds are 0.046932 s, not the 0.046931999999999995 s that a
 * multiplication by the double 0.000001 gives.
 */
final class Scale {

    private final double multiplier;
    private final double divisor;

    Scale(double multiplier) {
        double inverse = Math.rint(1 / multiplier);
        boolean exact = Double.isFinite(inverse)
                && BigDecimal.valueOf(multiplier)
                                .multiply(new BigDecimal(inverse))
                                .compareTo(BigDecimal.ONE)
                        == 0;
        this.multiplier = exact ? 1 : multiplier;
        this.divisor = exact ? inverse : 1;
    }

    double of(double raw) {
        return raw * multiplier / divisor;
    }
}

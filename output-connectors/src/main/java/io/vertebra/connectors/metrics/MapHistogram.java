package io.vertebra.connectors.metrics;

import io.vertebra.vm.program.MapSpec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/** The log2 histogram in a map's values. Immutable and thread-safe. */
public final class MapHistogram {

    private final Field[] slots;
    private final Optional<Field> sum;
    private final double multiplier;
    private final Scale scale;

    /**
     * A histogram.
     *
     * @param multiplier raw unit to base unit
     * @throws io.vertebra.connectors.spi.ConnectorException when the value has no {@code slots}
     */
    public MapHistogram(MapSpec map, double multiplier) {
        this.slots = Layouts.slots(map).toArray(Field[]::new);
        this.sum = Layouts.sum(map);
        this.multiplier = multiplier;
        this.scale = new Scale(multiplier);
    }

    /**
     * The largest value of each slot in base units, {@code (2^(k+1) - 1) x multiplier}: an inclusive upper bound, as
     * Prometheus has it. Each is the double next to the exact product, so that its text is the exact one.
     */
    public double[] upperBounds() {
        var unit = BigDecimal.valueOf(multiplier);
        var bounds = new double[slots.length];
        for (int k = 0; k < bounds.length; k++) {
            var largest = BigInteger.TWO.pow(k + 1).subtract(BigInteger.ONE);
            bounds[k] = new BigDecimal(largest).multiply(unit).doubleValue();
        }
        return bounds;
    }

    /** How many values each slot holds, summed over the copies of a per-CPU map. */
    public long[] counts(List<byte[]> values) {
        var counts = new long[slots.length];
        for (var value : values) {
            for (int k = 0; k < counts.length; k++) {
                counts[k] += slots[k].bits(value);
            }
        }
        return counts;
    }

    /** Whether the codelet keeps a sum; log2 slots alone do not determine one. */
    public boolean hasSum() {
        return sum.isPresent();
    }

    /** The sum of all values in base units, 0 without one. */
    public double sum(List<byte[]> values) {
        double total = 0;
        if (sum.isPresent()) {
            for (var value : values) {
                total += sum.get().number(value);
            }
        }
        return scale.of(total);
    }
}

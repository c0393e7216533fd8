package io.vertebra.connectors.metrics;

import io.vertebra.config.Buckets;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.program.MapSpec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/** The histogram in a map's values. Immutable and thread-safe. */
public final class MapHistogram {

    private final Field[] slots;
    private final Optional<Field> sum;
    private final double[] bounds;
    private final Scale scale;

    /**
     * A histogram.
     *
     * @param buckets what its slots count
     * @param multiplier raw unit to base unit
     * @throws ConnectorException when the value has no {@code slots}, or not as many as its buckets need
     */
    public MapHistogram(MapSpec map, Buckets buckets, double multiplier) {
        this.slots = Layouts.slots(map).toArray(Field[]::new);
        this.sum = Layouts.sum(map);
        this.bounds = bounds(map, buckets, multiplier);
        this.scale = new Scale(multiplier);
    }

    /**
     * The largest value of each bucket in base units, an inclusive upper bound as Prometheus has it: {@code (2^(k+1) - 1) x
     * multiplier} for log2 slot k. Each is the double next to the exact product, so that its text is the exact one. The last
     * is infinite.
     */
    public double[] upperBounds() {
        return bounds.clone();
    }

    /** How many values each bucket holds, as many as {@link #upperBounds}, summed over the copies of a per-CPU map. */
    public long[] counts(List<byte[]> values) {
        var counts = new long[bounds.length];
        for (var value : values) {
            for (int k = 0; k < slots.length; k++) {
                counts[k] += slots[k].bits(value);
            }
        }
        return counts;
    }

    /** Whether the codelet keeps a sum; slots alone do not determine one. */
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

    private double[] bounds(MapSpec map, Buckets buckets, double multiplier) {
        return switch (buckets) {
            case Buckets.Exp2(long min, OptionalLong max) ->
                bounds(map, finite(map, min, max, false), multiplier, k -> largest(min + k + 1));
            case Buckets.Exp2Zero(OptionalLong max) ->
                bounds(map, finite(map, 0, max, false), multiplier, MapHistogram::largest);
            case Buckets.Linear(long min, OptionalLong max) ->
                bounds(map, finite(map, min, max, true), multiplier, k -> BigDecimal.valueOf(min + k));
            case Buckets.Fixed(List<Double> keys) ->
                bounds(
                        map,
                        finite(map, 0, OptionalLong.of(keys.size() - 1), true),
                        multiplier,
                        k -> BigDecimal.valueOf(keys.get(k)));
        };
    }

    /** {@code 2^bits - 1}. */
    private static BigDecimal largest(long bits) {
        return new BigDecimal(BigInteger.TWO.pow((int) bits).subtract(BigInteger.ONE));
    }

    /** How many slots have an upper bound; one more may count what is above, where the kind of buckets has that. */
    private int finite(MapSpec map, long min, OptionalLong max, boolean above) {
        if (max.isEmpty()) {
            return slots.length;
        }
        long wanted = max.getAsLong() - min + 1;
        if (slots.length != wanted && !(above && slots.length == wanted + 1)) {
            throw new ConnectorException("map `" + map.name() + "`: its `slots` are " + slots.length
                    + ", the declared buckets need " + wanted
                    + (above ? ", or one more for what is above the last" : ""));
        }
        return (int) wanted;
    }

    private static double[] bounds(MapSpec map, int finite, double multiplier, IntFunction<BigDecimal> largest) {
        var unit = BigDecimal.valueOf(multiplier);
        var bounds = new double[finite + 1];
        Arrays.setAll(
                bounds, k -> k < finite ? largest.apply(k).multiply(unit).doubleValue() : Double.POSITIVE_INFINITY);
        if (finite == 0) {
            throw new ConnectorException("map `" + map.name() + "`: its `slots` are none");
        }
        return bounds;
    }
}

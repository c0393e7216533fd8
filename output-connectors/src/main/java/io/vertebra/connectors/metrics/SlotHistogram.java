package io.vertebra.connectors.metrics;

import io.vertebra.config.Buckets;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.program.MapSpec;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;

/**
 * A histogram in each value: an array {@code slots} and, if the codelet keeps one, a {@code sum}. The upper bound of log2 slot k
 * is {@code (2^(k+1) - 1) x multiplier}.
 */
final class SlotHistogram implements MapHistogram {

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
    SlotHistogram(MapSpec map, Buckets buckets, double multiplier) {
        this.slots = Layouts.slots(map).toArray(Field[]::new);
        this.sum = Layouts.sum(map);
        this.bounds = bounds(map, buckets, multiplier);
        this.scale = new Scale(multiplier);
    }

    @Override
    public double[] upperBounds() {
        return bounds.clone();
    }

    @Override
    public Optional<long[]> keys() {
        return Optional.empty();
    }

    @Override
    public void add(byte[] key, List<byte[]> values, HistogramTotal total) {
        for (var value : values) {
            for (int k = 0; k < slots.length; k++) {
                total.count(k, slots[k].bits(value));
            }
        }
        sum.ifPresent(field ->
                total.addSum(scale.of(values.stream().mapToDouble(field::number).sum())));
    }

    private double[] bounds(MapSpec map, Buckets buckets, double multiplier) {
        return switch (buckets) {
            case Buckets.Exp2(long min, OptionalLong max) ->
                bounds(map, finite(map, min, max, false), multiplier, k -> largest(min + k + 1));
            case Buckets.Exp2Zero(OptionalLong max) ->
                bounds(map, finite(map, 0, max, false), multiplier, SlotHistogram::largest);
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
        if (finite == 0) {
            throw new ConnectorException("map `" + map.name() + "`: its `slots` are none");
        }
        return Bounds.of(finite, multiplier, largest);
    }
}

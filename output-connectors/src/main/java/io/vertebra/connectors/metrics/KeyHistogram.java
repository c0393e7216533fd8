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
import java.util.stream.LongStream;

/**
 * A histogram with the bucket as the last field of the key and its count as the value, as ebpf_exporter's programs write it;
 * the key behind the last bucket's has the sum. A bucket's key stands for its upper bound: {@code 2^key} for {@code exp2},
 * {@code 0, 1, 2, 4, ...} for {@code exp2zero}, the key itself for {@code linear} and {@code fixed}. Entries with other keys
 * are not shown.
 *
 * @see <a href="https://github.com/cloudflare/ebpf_exporter#histograms">ebpf_exporter, Histograms</a>
 */
final class KeyHistogram implements MapHistogram {

    private final Field bucket;
    private final Field count;
    private final Scale scale;
    private final long[] keys;
    private final double[] bounds;

    /**
     * A histogram.
     *
     * @param buckets with a last one
     * @param multiplier raw unit to base unit
     * @throws ConnectorException when the key's last field or the value is no number, or the buckets have no last one
     */
    KeyHistogram(MapSpec map, Buckets buckets, double multiplier) {
        this.bucket = Layouts.key(map).getLast();
        if (bucket.kind() == Field.Kind.TEXT) {
            throw new ConnectorException(
                    "map `" + map.name() + "`: the field for `bucket` is text, allowed are integers");
        }
        this.count = Layouts.number(map, "");
        this.scale = new Scale(multiplier);
        this.keys = keys(buckets);
        this.bounds = Bounds.of(keys.length, multiplier, k -> bound(buckets, keys[k]));
    }

    @Override
    public double[] upperBounds() {
        return bounds.clone();
    }

    @Override
    public Optional<long[]> keys() {
        return Optional.of(keys.clone());
    }

    @Override
    public void add(byte[] key, List<byte[]> values, HistogramTotal total) {
        long at = bucket.bits(key);
        int k = Arrays.binarySearch(keys, at);
        if (k >= 0) {
            values.forEach(value -> total.count(k, count.bits(value)));
        } else if (at == keys[keys.length - 1] + 1) {
            total.addSum(scale.of(values.stream().mapToDouble(count::number).sum()));
        }
    }

    private static long[] keys(Buckets buckets) {
        return switch (buckets) {
            case Buckets.Exp2(long min, OptionalLong max) -> keys(min, max);
            case Buckets.Exp2Zero(OptionalLong max) -> keys(0, max);
            case Buckets.Linear(long min, OptionalLong max) -> keys(min, max);
            case Buckets.Fixed(List<Double> keys) ->
                keys.stream().mapToLong(KeyHistogram::whole).toArray();
        };
    }

    private static long[] keys(long min, OptionalLong max) {
        long last = max.orElseThrow(() -> new ConnectorException(
                "`bucket_max` is missing: where `bucket` is part of the key, the sum is in key bucket_max + 1"));
        return LongStream.rangeClosed(min, last).toArray();
    }

    private static long whole(double key) {
        if (key != Math.rint(key) || Math.abs(key) > 0x1p53) {
            throw new ConnectorException(
                    "`bucket_keys` has " + key + ": where `bucket` is part of the key, they are whole numbers");
        }
        return (long) key;
    }

    private static BigDecimal bound(Buckets buckets, long key) {
        return switch (buckets) {
            case Buckets.Exp2 _ -> power(key);
            case Buckets.Exp2Zero _ -> key == 0 ? BigDecimal.ZERO : power(key - 1);
            case Buckets.Linear _, Buckets.Fixed _ -> BigDecimal.valueOf(key);
        };
    }

    private static BigDecimal power(long exponent) {
        return new BigDecimal(BigInteger.TWO.pow((int) exponent));
    }
}

package io.vertebra.connectors.prometheus;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.vertebra.config.MetricSpec;
import io.vertebra.connectors.metrics.HistogramTotal;
import io.vertebra.connectors.metrics.KeyLabels;
import io.vertebra.connectors.metrics.MapHistogram;
import io.vertebra.connectors.metrics.MapNumber;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.map.BpfMap;
import java.util.List;
import java.util.Map;

/**
 * One metric that a descriptor declares over a map. Entries whose labels have the same texts are one series, their sum.
 */
final class DeclaredMetric {

    private final MetricSpec spec;
    private final BpfMap map;
    private final MetricMetadata metadata;
    private final SeriesCap cap;
    private final Reader reader;

    /**
     * A metric over a live map.
     *
     * @throws ConnectorException when the map cannot be shown like that
     */
    DeclaredMetric(MetricSpec spec, BpfMap map, int maxSeries) {
        this.spec = spec;
        this.map = map;
        try {
            this.metadata = new MetricMetadata(baseName(spec), spec.help());
            var labels = new KeyLabels(map.spec(), spec.labels());
            this.cap = new SeriesCap(MapHistogram.inKey(map.spec(), spec) ? labels.withoutLast() : labels, maxSeries);
            this.reader = reader(spec, map);
        } catch (ConnectorException | IllegalArgumentException e) {
            throw new ConnectorException("metric `" + spec.name() + "`: " + e.getMessage(), e);
        }
    }

    MetricSpec spec() {
        return spec;
    }

    /** The name without the suffix that the format adds. */
    String baseName() {
        return metadata.getName();
    }

    /** Entries that scrapes have folded into {@code other} so far. */
    long folded() {
        return cap.folded();
    }

    /** The metric now. Scrapes may overlap. */
    MetricSnapshot snapshot() {
        return reader.snapshot();
    }

    private static String baseName(MetricSpec spec) {
        return spec.type() == MetricSpec.Type.COUNTER && spec.name().endsWith("_total")
                ? spec.name().substring(0, spec.name().length() - "_total".length())
                : spec.name();
    }

    private Reader reader(MetricSpec spec, BpfMap map) {
        return switch (spec.type()) {
            case COUNTER -> {
                var number = new MapNumber(map.spec(), spec.field(), spec.multiplier());
                yield () -> counter(number);
            }
            case GAUGE -> {
                var number = new MapNumber(map.spec(), spec.field(), spec.multiplier());
                yield () -> gauge(number);
            }
            case HISTOGRAM -> {
                var histogram = MapHistogram.of(map.spec(), spec);
                var bounds = histogram.upperBounds();
                yield () -> histogram(histogram, bounds);
            }
        };
    }

    private MetricSnapshot counter(MapNumber number) {
        List<CounterDataPointSnapshot> points = sums(number).entrySet().stream()
                .map(e -> new CounterDataPointSnapshot(e.getValue().sum, e.getKey(), null, 0))
                .toList();
        return new CounterSnapshot(metadata, points);
    }

    private MetricSnapshot gauge(MapNumber number) {
        List<GaugeDataPointSnapshot> points = sums(number).entrySet().stream()
                .map(e -> new GaugeDataPointSnapshot(e.getValue().sum, e.getKey(), null))
                .toList();
        return new GaugeSnapshot(metadata, points);
    }

    private Map<Labels, Sum> sums(MapNumber number) {
        return cap.collect(map, () -> new Sum(number));
    }

    private MetricSnapshot histogram(MapHistogram histogram, double[] bounds) {
        var series = cap.collect(map, () -> new Counted(histogram, bounds.length));
        List<HistogramDataPointSnapshot> points = series.entrySet().stream()
                .map(e -> new HistogramDataPointSnapshot(
                        ClassicHistogramBuckets.of(bounds, e.getValue().total.counts()),
                        e.getValue().total.sum(), // NaN: no _sum line
                        e.getKey(),
                        null,
                        0))
                .toList();
        return new HistogramSnapshot(metadata, points);
    }

    private interface Reader {
        MetricSnapshot snapshot();
    }

    /** One series of a counter or gauge. */
    private static final class Sum implements SeriesCap.Total<Sum> {

        private final MapNumber number;
        private double sum;

        Sum(MapNumber number) {
            this.number = number;
        }

        @Override
        public void add(byte[] key, List<byte[]> values) {
            sum += number.of(values);
        }

        @Override
        public void add(Sum other) {
            sum += other.sum;
        }
    }

    /** One series of a histogram. */
    private static final class Counted implements SeriesCap.Total<Counted> {

        private final MapHistogram histogram;
        private final HistogramTotal total;

        Counted(MapHistogram histogram, int buckets) {
            this.histogram = histogram;
            this.total = new HistogramTotal(buckets);
        }

        @Override
        public void add(byte[] key, List<byte[]> values) {
            histogram.add(key, values, total);
        }

        @Override
        public void add(Counted other) {
            total.add(other.total);
        }
    }
}

package io.vertebra.connectors.metrics;

import io.vertebra.config.MetricSpec;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.vm.program.MapSpec;
import java.util.List;
import java.util.Optional;

/** The histograms in a map: slots in each value, or one bucket in each entry. Immutable and thread-safe. */
public sealed interface MapHistogram permits KeyHistogram, SlotHistogram {

    /**
     * The histograms that a metric shows.
     *
     * @throws ConnectorException when the map has none, or not the declared buckets
     */
    static MapHistogram of(MapSpec map, MetricSpec metric) {
        return inKey(map, metric)
                ? new KeyHistogram(map, metric.buckets(), metric.multiplier())
                : new SlotHistogram(map, metric.buckets(), metric.multiplier());
    }

    /** Whether the last field of the key is the bucket: the last label is named so, and values have no slots. */
    static boolean inKey(MapSpec map, MetricSpec metric) {
        return metric.type() == MetricSpec.Type.HISTOGRAM
                && !metric.labels().isEmpty()
                && metric.labels().getLast().name().equals("bucket")
                && !Layouts.hasSlots(map);
    }

    /**
     * The largest value of each bucket in base units, an inclusive upper bound as Prometheus has it. Each is the double next to
     * the exact product, so that its text is the exact one. The last is infinite.
     */
    double[] upperBounds();

    /** Where buckets are entries, the last field of each one's key, ascending; empty where they are slots of a value. */
    Optional<long[]> keys();

    /** Adds an entry, all copies of a per-CPU map, to its series. */
    void add(byte[] key, List<byte[]> values, HistogramTotal total);
}

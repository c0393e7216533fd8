package io.vertebra.config;

import java.util.List;
import java.util.OptionalLong;

/**
 * A map, or one field of its values, shown as a Prometheus metric; the vocabulary is ebpf_exporter's.
 *
 * @param map a map of the set
 * @param field member of the value struct; empty when the value is the number itself, and for histograms
 * @param name the metric's name; a counter's ends in {@code _total}
 * @param help one sentence
 * @param type what the numbers mean
 * @param multiplier raw unit to base unit, for example 0.000001 for microseconds to seconds; 1 when not given. Written
 *     {@code bucket_multiplier} for histograms
 * @param buckets what a histogram's slots count
 * @param labels one for each field of the key, in order; empty for a map with a single value
 */
public record MetricSpec(
        String map,
        String field,
        String name,
        String help,
        Type type,
        double multiplier,
        Buckets buckets,
        List<LabelSpec> labels) {

    /** Makes the list immutable. */
    public MetricSpec {
        labels = List.copyOf(labels);
    }

    /** What a metric's numbers mean. */
    public enum Type {
        /** A total that only grows. */
        COUNTER,
        /** A value that goes up and down. */
        GAUGE,
        /** Slots with an optional sum. */
        HISTOGRAM
    }

    /**
     * A label made from a key field.
     *
     * @param name the label's name
     * @param decoders applied in order: the first turns the field into text, the others text into text; at least one
     * @param size bytes that the field must have; empty for any
     */
    public record LabelSpec(String name, List<Decoder> decoders, OptionalLong size) {

        /** Makes the list immutable. */
        public LabelSpec {
            decoders = List.copyOf(decoders);
        }
    }
}

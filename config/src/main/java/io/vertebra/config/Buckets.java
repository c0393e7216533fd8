package io.vertebra.config;

import java.util.List;
import java.util.OptionalLong;

/**
 * What the slots of a histogram count; the names are ebpf_exporter's. Slot 0 is the lowest; in raw units, before the
 * multiplier.
 */
public sealed interface Buckets {

    /** {@code exp2} from 0 on, as many as the map has slots. */
    Buckets LOG2 = new Exp2(0, OptionalLong.empty());

    /**
     * {@code exp2}: slot {@code k - min} counts {@code [2^k, 2^(k+1))}, the lowest also what is below.
     *
     * @param min {@code bucket_min}, 0 to 63
     * @param max {@code bucket_max}; empty for as many as the map has slots
     */
    record Exp2(long min, OptionalLong max) implements Buckets {}

    /**
     * {@code exp2zero}: slot 0 counts 0, slot {@code k} counts {@code [2^(k-1), 2^k)}.
     *
     * @param max {@code bucket_max}; empty for as many as the map has slots
     */
    record Exp2Zero(OptionalLong max) implements Buckets {}

    /**
     * {@code linear}: slot {@code k - min} counts {@code k}. With {@code max}, one slot more counts what is above.
     *
     * @param min {@code bucket_min}
     * @param max {@code bucket_max}; empty for as many as the map has slots
     */
    record Linear(long min, OptionalLong max) implements Buckets {}

    /**
     * {@code fixed}: slot {@code k} counts what is above key {@code k - 1} and at most key {@code k}; one slot more counts what
     * is above the last.
     *
     * @param keys {@code bucket_keys}, rising
     */
    record Fixed(List<Double> keys) implements Buckets {

        /** Makes the list immutable. */
        public Fixed {
            keys = List.copyOf(keys);
        }
    }
}

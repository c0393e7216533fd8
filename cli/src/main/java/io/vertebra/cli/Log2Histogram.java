package io.vertebra.cli;

import io.vertebra.cli.option.HistogramText;
import java.util.ArrayList;
import java.util.List;

/**
 * A power-of-two histogram as codelets keep it: slot k counts values in {@code [2^k, 2^(k+1))}, and slot 0 also counts
 * 0. Immutable.
 *
 * @param slots counts, none negative
 */
record Log2Histogram(List<Long> slots) {
    Log2Histogram {
        slots = List.copyOf(slots);
    }

    /** No values yet. */
    static Log2Histogram empty() {
        return new Log2Histogram(List.of());
    }

    /** How many values were counted. */
    long count() {
        return slots.stream().mapToLong(Long::longValue).sum();
    }

    /** What was counted since an earlier state of the same histogram. */
    Log2Histogram since(Log2Histogram earlier) {
        var difference = new ArrayList<Long>();
        for (int k = 0; k < slots.size(); k++) {
            difference.add(slots.get(k) - (k < earlier.slots.size() ? earlier.slots.get(k) : 0));
        }
        return new Log2Histogram(difference);
    }

    /**
     * The value below which a share of the counted values lies, interpolated inside its slot as Prometheus does.
     *
     * @param share 0 to 1
     * @return NaN when nothing was counted
     */
    double quantile(double share) {
        double rank = share * count();
        long below = 0;
        for (int k = 0; k < slots.size(); k++) {
            long here = slots.get(k);
            if (here > 0 && below + here >= rank) {
                double low = k == 0 ? 0 : 0x1p0 * (1L << k);
                double high = 0x1p1 * (1L << k);
                return low + (high - low) * (rank - below) / here;
            }
            below += here;
        }
        return Double.NaN;
    }

    /** The histogram as bpftrace prints it. */
    String toText(String name) {
        return HistogramText.of(name, slots, HistogramText::log2);
    }
}

package io.vertebra.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A power-of-two histogram as codelets keep it: slot k counts values in {@code [2^k, 2^(k+1))}, and slot 0 also counts
 * 0. Immutable.
 *
 * @param slots counts, none negative
 */
record Log2Histogram(List<Long> slots) {
    private static final int BAR_WIDTH = 52;
    private static final String[] SUFFIXES = {"", "K", "M", "G", "T", "P", "E"};

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

    /** The histogram as bpftrace prints it: empty slots at both ends left out, one row a slot. */
    String toText(String name) {
        var text = new StringBuilder("@").append(name).append(":\n");
        long largest = slots.stream().mapToLong(Long::longValue).max().orElse(0);
        int first = 0;
        int last = slots.size() - 1;
        while (first <= last && slots.get(first) == 0) {
            first++;
        }
        while (last >= first && slots.get(last) == 0) {
            last--;
        }
        for (int k = first; k <= last; k++) {
            int width = (int) (slots.get(k) * BAR_WIDTH / largest);
            var bar = new char[BAR_WIDTH];
            Arrays.fill(bar, ' ');
            Arrays.fill(bar, 0, width, '@');
            text.append("%-16s%8d |%s|%n".formatted(label(k), slots.get(k), new String(bar)));
        }
        return text.toString();
    }

    private static String label(int slot) {
        return "[" + (slot == 0 ? "0" : power(slot)) + ", " + power(slot + 1) + ")";
    }

    /** {@code 2^exponent} in steps of 1,024: 512, 1K, 2K. */
    private static String power(int exponent) {
        return (1L << exponent % 10) + SUFFIXES[exponent / 10];
    }
}

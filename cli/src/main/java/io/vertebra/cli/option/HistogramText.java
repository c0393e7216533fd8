package io.vertebra.cli.option;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** Histograms as bpftrace prints them: a row for each slot, empty slots at both ends left out. */
public final class HistogramText {

    private static final int BAR_WIDTH = 52;
    private static final String[] SUFFIXES = {"", "K", "M", "G", "T", "P", "E"};
    private static final long STEP = 1_024;

    private HistogramText() {}

    /**
     * A block: {@code @name:} and the rows.
     *
     * @param counts one for each slot, none negative
     * @param label of a slot
     */
    public static String of(String name, List<Long> counts, IntFunction<String> label) {
        var text = new StringBuilder("@").append(name).append(":\n");
        long largest = counts.stream().mapToLong(Long::longValue).max().orElse(0);
        int first = 0;
        int last = counts.size() - 1;
        while (first <= last && counts.get(first) == 0) {
            first++;
        }
        while (last >= first && counts.get(last) == 0) {
            last--;
        }
        for (int k = first; k <= last; k++) {
            int width = (int) ((double) counts.get(k) / largest * BAR_WIDTH);
            var bar = new char[BAR_WIDTH];
            Arrays.fill(bar, ' ');
            Arrays.fill(bar, 0, width, '@');
            text.append("%-16s%8d |%s|\n".formatted(label.apply(k), counts.get(k), new String(bar)));
        }
        return text.toString();
    }

    /** The label of slot k of a log2 histogram, {@code [2^k, 2^(k+1))}; slot 0 counts 0 too. */
    public static String log2(int slot) {
        return "[" + (slot == 0 ? "0" : power(slot)) + ", " + power(slot + 1) + ")";
    }

    /** The label of a slot of a linear histogram; K and M stand for powers of 1,024 when the step is a multiple of it. */
    public static String linear(long min, long step, int slot) {
        return "[" + number(min + slot * step, step) + ", " + number(min + (slot + 1) * step, step) + ")";
    }

    /** {@code 2^exponent} in steps of 1,024: 512, 1K, 2K. */
    public static String power(int exponent) {
        return (1L << exponent % 10) + SUFFIXES[exponent / 10];
    }

    private static String number(long value, long step) {
        int suffix = 0;
        long rest = value;
        while (step % STEP == 0 && rest != 0 && rest % STEP == 0 && suffix < SUFFIXES.length - 1) {
            rest /= STEP;
            suffix++;
        }
        return rest + SUFFIXES[suffix];
    }
}

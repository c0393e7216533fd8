package io.vertebra.bench;

import io.vertebra.bench.Samples.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Texts of a Markdown table; what was not measured is a dash. */
final class Cells {

    private static final String NOT_MEASURED = "-";

    private Cells() {}

    /** A row of a table. */
    static String row(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    /** Two rows: titles, and what Markdown wants below them. */
    static String titles(String... titles) {
        return row(List.of(titles)) + "\n" + "|---".repeat(titles.length) + "|";
    }

    /** Smallest, first quartile, median. */
    static String spread(Optional<Spread> spread) {
        return spread.map(s -> number(s.min()) + " / " + number(s.p25()) + " / " + number(s.median()))
                .orElse(NOT_MEASURED);
    }

    /** The largest. */
    static String largest(Optional<Spread> spread) {
        return spread.map(s -> number(s.max())).orElse(NOT_MEASURED);
    }

    /** Bytes for each event: what the JVM allocates now and then beside the benchmark is no whole byte. */
    static String bytes(Optional<Spread> spread) {
        return spread.map(s -> s.min() < 0.1 ? "0" : number(s.min())).orElse("");
    }

    /** Both comparisons and their unit. */
    static String compared(Optional<Compared> compared, String unit) {
        return compared.map(c -> number(c.min()) + " / " + number(c.median()) + unit)
                .orElse(NOT_MEASURED);
    }

    /** A text about a comparison. */
    static String verdict(Optional<String> verdict) {
        return verdict.orElse(NOT_MEASURED);
    }

    private static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size < 10 ? "%.2f" : size < 100 ? "%.1f" : "%,.0f", value);
    }
}

package io.vertebra.cli.top;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** What rows are sorted by, the greatest first, and the key that asks for it: the first letter. */
enum TopOrder {
    RUNS(TopRow::runsPerSecond),
    TIME(row -> Double.isNaN(row.nanosPerRun()) ? -1 : row.nanosPerRun()),
    CORE(TopRow::corePercent),
    DROPS(TopRow::dropsPerSecond),
    ERRORS(row -> row.total().errors()),
    /** By the alphabet. */
    NAME(_ -> 0);

    private final ToDoubleFunction<TopRow> number;

    TopOrder(ToDoubleFunction<TopRow> number) {
        this.number = number;
    }

    Comparator<TopRow> comparator() {
        return Comparator.comparingDouble(number).reversed().thenComparing(TopRow::name);
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The order that a key asks for. */
    static Optional<TopOrder> of(char key) {
        return Arrays.stream(values())
                .filter(order -> order.label().charAt(0) == key)
                .findFirst();
    }

    /** The order of that name. */
    static Optional<TopOrder> named(String label) {
        return Arrays.stream(values())
                .filter(order -> order.label().equals(label))
                .findFirst();
    }

    static String labels() {
        return Arrays.stream(values()).map(TopOrder::label).collect(Collectors.joining(", "));
    }
}

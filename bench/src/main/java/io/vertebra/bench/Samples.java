package io.vertebra.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measured values by what was measured, {@code hook/filter} for example; not thread-safe. */
final class Samples {

    /**
     * How values are spread.
     *
     * @param min the smallest
     * @param p25 the first quartile
     * @param median the second
     * @param max the largest
     */
    record Spread(double min, double p25, double median, double max) {

        /** The same spread of another unit. */
        Spread dividedBy(double divisor) {
            return new Spread(min / divisor, p25 / divisor, median / divisor, max / divisor);
        }
    }

    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    /** Adds a value. */
    void add(String key, double value) {
        values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
    }

    /** Adds the value of a line {@code KEY VALUE}; the key may have spaces. */
    void addLine(String line) {
        int space = line.lastIndexOf(' ');
        add(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
    }

    /** The spread of the values; empty where nothing was measured. */
    Optional<Spread> spread(String key) {
        return Optional.ofNullable(values.get(key)).map(list -> {
            var sorted = list.stream().sorted().toList();
            int last = sorted.size() - 1;
            return new Spread(sorted.getFirst(), sorted.get(last / 4), sorted.get(last / 2), sorted.get(last));
        });
    }
}

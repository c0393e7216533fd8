package io.vertebra.bench;

import io.vertebra.bench.Samples.Spread;
import java.util.List;
import java.util.Optional;

/**
 * Two measurements compared, like with like: the smallest with the smallest and the median with the median.
 *
 * @param min ratio or difference of the smallest
 * @param median ratio or difference of the medians
 */
record Compared(double min, double median) {

    /** How many times the one is the other; empty unless both were measured. */
    static Optional<Compared> ratio(Optional<Spread> one, Optional<Spread> other) {
        return one.flatMap(a -> other.map(b -> new Compared(a.min() / b.min(), a.median() / b.median())));
    }

    /** How much the one is more than the other; empty unless both were measured. */
    static Optional<Compared> difference(Optional<Spread> one, Optional<Spread> other) {
        return one.flatMap(a -> other.map(b -> new Compared(a.min() - b.min(), a.median() - b.median())));
    }

    /** The geometric mean of ratios; empty unless all are there. */
    static Optional<Compared> geometricMean(List<Optional<Compared>> ratios) {
        if (ratios.stream().anyMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        var all = ratios.stream().map(Optional::orElseThrow).toList();
        return Optional.of(new Compared(
                Math.exp(all.stream()
                        .mapToDouble(r -> Math.log(r.min()))
                        .average()
                        .orElseThrow()),
                Math.exp(all.stream()
                        .mapToDouble(r -> Math.log(r.median()))
                        .average()
                        .orElseThrow())));
    }

    /** Whether both are at most so much, in a word or two. */
    String atMost(double aim) {
        return verdict(min <= aim, median <= aim);
    }

    /** Whether both are at least so much, in a word or two. */
    String atLeast(double aim) {
        return verdict(min >= aim, median >= aim);
    }

    private static String verdict(boolean ofMin, boolean ofMedian) {
        if (ofMin != ofMedian) {
            return ofMin ? "smallest only" : "median only";
        }
        return ofMin ? "yes" : "no";
    }
}

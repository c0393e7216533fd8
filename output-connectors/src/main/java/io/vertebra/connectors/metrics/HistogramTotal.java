package io.vertebra.connectors.metrics;

/** One series of a histogram while the entries of a map are added up. Not thread-safe. */
public final class HistogramTotal {

    private final long[] counts;
    private double sum = Double.NaN;

    /**
     * Nothing yet.
     *
     * @param buckets how many the histogram has, the infinite one included
     */
    public HistogramTotal(int buckets) {
        this.counts = new long[buckets];
    }

    /** How many values each bucket holds, lowest first. */
    public long[] counts() {
        return counts.clone();
    }

    /** The sum of all values in base units; NaN when the codelet keeps none, since counts alone do not determine it. */
    public double sum() {
        return sum;
    }

    /** Adds what another one has. */
    public void add(HistogramTotal other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        if (!Double.isNaN(other.sum)) {
            addSum(other.sum);
        }
    }

    void count(int bucket, long values) {
        counts[bucket] += values;
    }

    void addSum(double more) {
        sum = Double.isNaN(sum) ? more : sum + more;
    }
}

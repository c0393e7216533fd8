package io.vertebra.bench;

/**
 * How much is measured.
 *
 * @param rounds how often all of it
 * @param warmups iterations before those that count
 * @param warmupMillis their length
 * @param iterations iterations that count, in each round
 * @param iterationMillis their length
 * @param batches batches of each baseline in each round
 * @param switches how often a codelet is attached and detached, in each round
 * @param slices parts of the queued path's measurements, in each round
 * @param idleSeconds how long a runtime with nothing to do is watched, for each policy, in each round
 */
record Effort(
        int rounds,
        int warmups,
        int warmupMillis,
        int iterations,
        int iterationMillis,
        int batches,
        int switches,
        int slices,
        int idleSeconds) {

    /** About a quarter of an hour on two cores. */
    static final Effort FULL = new Effort(3, 4, 450, 12, 80, 15, 8, 10, 60);

    /** About two minutes: enough to see whether all of it works, and what is far from its aim. */
    static final Effort QUICK = new Effort(1, 2, 500, 8, 50, 8, 4, 5, 5);

    /** The same with a warm-up that is so many times as long. */
    Effort warmedUp(int times) {
        return new Effort(
                rounds,
                warmups * times,
                warmupMillis,
                iterations,
                iterationMillis,
                batches,
                switches,
                slices,
                idleSeconds);
    }
}

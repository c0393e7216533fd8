package io.vertebra.cli.top;

import io.vertebra.cli.top.TopSample.Counters;
import io.vertx.core.json.JsonObject;

/**
 * One codelet, or hook, in an interval.
 *
 * @param runsPerSecond runs that ended in the interval
 * @param nanosPerRun mean of the interval's timed runs; without any, of all timed runs; NaN when there was none
 * @param corePercent what all runs of the interval took together, of one core's time; 0 when no run was timed
 * @param dropsPerSecond events that were not run in the interval
 * @param total all that was counted so far
 */
record TopRow(
        String name,
        double runsPerSecond,
        double nanosPerRun,
        double corePercent,
        double dropsPerSecond,
        Counters total) {

    private static final double NANOS_PER_PERCENT = 1e7;

    static TopRow of(String name, Counters total, Counters interval, double seconds) {
        var timed = interval.samples() > 0 ? interval : total;
        double nanos = timed.samples() > 0 ? (double) timed.sampledNanos() / timed.samples() : Double.NaN;
        double rate = interval.runs() / seconds;
        return new TopRow(
                name,
                rate,
                nanos,
                Double.isNaN(nanos) ? 0 : rate * nanos / NANOS_PER_PERCENT,
                interval.dropped() / seconds,
                total);
    }

    JsonObject json() {
        return new JsonObject()
                .put("name", name)
                .put("hook", total.hook())
                .put("state", total.state())
                .put("runs_per_second", runsPerSecond)
                .put("ns_per_run", Double.isNaN(nanosPerRun) ? null : nanosPerRun)
                .put("core_percent", corePercent)
                .put("drops_per_second", dropsPerSecond)
                .put("run_cnt", total.runs())
                .put("dropped", total.dropped())
                .put("errors", total.errors());
    }
}

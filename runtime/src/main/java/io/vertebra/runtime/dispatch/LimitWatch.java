package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.limit.DetachReason;
import io.vertebra.runtime.limit.RateLimit;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks after the limits of what is attached, by the timer. Guarded by the dispatcher's lock, but for refilling. */
final class LimitWatch {

    private static final String REFILL = "rate limits";
    private static final String JUDGE_RUN_TIMES = "run time limits";
    private static final String JUDGE_FAULTS = "fault limits";
    private static final Duration REFILL_PERIOD = Duration.ofMillis(10);
    private static final Duration RUN_TIME_PERIOD = Duration.ofMillis(100);
    private static final Duration FAULT_PERIOD = Duration.ofSeconds(1);

    private final IntervalTimer timer;
    private final Runnable judge;
    private final Set<Attachment> attached = new LinkedHashSet<>();
    private volatile List<RateLimit> rates = List.of();

    /**
     * Watches nothing yet.
     *
     * @param judge detaches what {@link #judge} gives
     */
    LimitWatch(IntervalTimer timer, Runnable judge) {
        this.timer = timer;
        this.judge = judge;
    }

    /** Some are attached in the place of others. */
    void replace(Collection<Attachment> removed, Collection<Attachment> added) {
        long now = System.nanoTime();
        removed.forEach(attached::remove);
        added.forEach(a -> a.attach(now));
        attached.addAll(added);
        rates = attached.stream()
                .map(Attachment::rate)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
        boolean runTimes = attached.stream().anyMatch(Attachment::limitsRunTime);
        repeat(JUDGE_RUN_TIMES, RUN_TIME_PERIOD, judge, runTimes);
        repeat(JUDGE_FAULTS, FAULT_PERIOD, judge, !runTimes && !attached.isEmpty());
        repeat(REFILL, REFILL_PERIOD, this::refill, !rates.isEmpty());
    }

    private void repeat(String name, Duration period, Runnable action, boolean wanted) {
        if (wanted) {
            timer.repeat(name, period, () -> action);
        } else {
            timer.stop(name);
        }
    }

    private void refill() {
        long now = System.nanoTime();
        rates.forEach(rate -> rate.refill(now));
    }

    /** What has broken its limits. */
    Map<Attachment, DetachReason> judge() {
        long now = System.nanoTime();
        Map<Attachment, DetachReason> broken = new LinkedHashMap<>();
        attached.forEach(a -> a.judge(now).ifPresent(reason -> broken.put(a, reason)));
        return broken;
    }
}

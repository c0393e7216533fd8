package io.vertebra.runtime.limit;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Judges one codelet by its counts, from time to time. Not thread-safe.
 *
 * <p>Faults are counted in windows of 10 seconds. Run times are judged in windows of at least {@value #SAMPLES} timed runs:
 * the first is left out, because the JVM is still compiling, and the limit counts as broken when {@value #WINDOWS} windows
 * in succession say so, because one may hold a pause of the whole process.
 */
public final class RunGuard {

    static final int SAMPLES = 100;
    static final int WINDOWS = 3;
    static final Duration FAULT_WINDOW = Duration.ofSeconds(10);

    private final Optional<Duration> limit;
    private final long maxFaults;

    private long faultsBefore;
    private long faultsFrom;
    private Counts window;
    private boolean warm;
    private int broken;

    /**
     * A guard that has seen nothing yet.
     *
     * @param limit how long 99 of 100 runs may take; empty for any time
     * @param maxFaults faults in a window with which the codelet is detached, at least 1
     */
    public RunGuard(Optional<Duration> limit, long maxFaults) {
        this.limit = limit;
        this.maxFaults = maxFaults;
        restart(0, Counts.NONE);
    }

    /**
     * What is known of the codelet at one moment, since it was loaded.
     *
     * @param faults runs that faulted
     * @param samples runs that were timed
     * @param slow of these, runs that took longer than the limit
     */
    public record Counts(long faults, long samples, long slow) {
        /** Before the first run. */
        public static final Counts NONE = new Counts(0, 0, 0);
    }

    /** Forgets what was before: the codelet is attached anew. */
    public void restart(long now, Counts counts) {
        faultsBefore = counts.faults();
        faultsFrom = now;
        window = counts;
        warm = false;
        broken = 0;
    }

    /**
     * Looks at the codelet.
     *
     * @param now nanoseconds of one clock
     * @param lastFault what the latest fault said, for the reason
     * @return why it must be detached; empty while it need not be
     */
    public Optional<DetachReason> check(long now, Counts counts, Supplier<Optional<String>> lastFault) {
        long faults = counts.faults() - faultsBefore;
        if (faults >= maxFaults) {
            return Optional.of(new DetachReason.Faults(faults, FAULT_WINDOW, maxFaults, lastFault.get()));
        }
        if (now - faultsFrom >= FAULT_WINDOW.toNanos()) {
            faultsFrom = now;
            faultsBefore = counts.faults();
        }
        return limit.flatMap(most -> tooSlow(most, counts));
    }

    private Optional<DetachReason> tooSlow(Duration most, Counts counts) {
        long samples = counts.samples() - window.samples();
        long slow = counts.slow() - window.slow();
        if (samples < SAMPLES) {
            return Optional.empty();
        }
        broken = warm && slow * 100 > samples ? broken + 1 : 0;
        warm = true;
        window = counts;
        return broken < WINDOWS ? Optional.empty() : Optional.of(new DetachReason.TooSlow(most, slow, samples));
    }
}

package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.account.RunTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** The run times of one attachment's timed runs. Thread-safe; allocates nothing but for who reads it. */
final class RunTimeSamples {

    private final AtomicLongArray slots = new AtomicLongArray(Long.SIZE);
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final AtomicLong slow = new AtomicLong();
    private final long limit;

    /**
     * No samples yet.
     *
     * @param limit nanoseconds above which a run counts as slow
     */
    RunTimeSamples(long limit) {
        this.limit = limit;
    }

    void add(long took) {
        long time = Math.max(1, took);
        samples.getAndIncrement();
        slots.getAndIncrement(RunTimes.slot(time));
        nanos.getAndAdd(time);
        if (time > longest.get()) {
            longest.accumulateAndGet(time, Math::max);
        }
        if (time > limit) {
            slow.getAndIncrement();
        }
    }

    /** Timed runs. */
    long samples() {
        return samples.get();
    }

    /** Timed runs that took longer than the limit. */
    long slow() {
        return slow.get();
    }

    RunTimes read() {
        List<Long> copy = new ArrayList<>(Long.SIZE);
        for (int k = 0; k < Long.SIZE; k++) {
            copy.add(slots.get(k));
        }
        return new RunTimes(copy, nanos.get(), longest.get());
    }
}

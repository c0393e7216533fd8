package io.vertebra.runtime.account;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How long those runs took that were timed: a sample, because reading the clock twice costs more than a small codelet.
 *
 * @param slots element k counts the timed runs that took [2^k, 2^(k+1)) ns; {@value Long#SIZE} elements
 * @param nanos what the timed runs took together
 * @param longest what the longest of them took, in nanoseconds; 0 when there is none
 */
public record RunTimes(List<Long> slots, long nanos, long longest) {

    /** Of no run. */
    public static final RunTimes NONE = new RunTimes(Collections.nCopies(Long.SIZE, 0L), 0, 0);

    /** Makes the list immutable. */
    public RunTimes {
        slots = List.copyOf(slots);
    }

    /** The slot of a run that took so many nanoseconds, at least 1. */
    public static int slot(long nanos) {
        return Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
    }

    /** How many runs were timed. */
    public long samples() {
        return slots.stream().mapToLong(Long::longValue).sum();
    }

    /** What all of a number of runs took, in nanoseconds, if the timed ones are like the others; 0 when none was timed. */
    public long totalNanos(long runs) {
        long samples = samples();
        return samples == 0 ? 0 : Math.round((double) nanos / samples * runs);
    }

    /** Of both. */
    public RunTimes plus(RunTimes other) {
        return new RunTimes(
                IntStream.range(0, Long.SIZE)
                        .mapToObj(k -> slots.get(k) + other.slots.get(k))
                        .toList(),
                nanos + other.nanos,
                Math.max(longest, other.longest));
    }

    /** What has come since an earlier moment; the longest run among it is known to a factor of two. */
    public RunTimes since(RunTimes before) {
        var fresh = IntStream.range(0, Long.SIZE)
                .mapToObj(k -> slots.get(k) - before.slots.get(k))
                .toList();
        long most = IntStream.range(0, Long.SIZE)
                .filter(k -> fresh.get(k) > 0)
                .mapToLong(k -> k == Long.SIZE - 1 ? Long.MAX_VALUE : (2L << k) - 1)
                .max()
                .orElse(0);
        return new RunTimes(fresh, nanos - before.nanos, Math.min(most, longest));
    }
}

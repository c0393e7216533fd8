package io.vertebra.vm.exec;

import io.vertebra.vm.map.BpfTimer;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * What is to be done later, by the time when it is due; whoever owns the queue asks for what is due and does it.
 * Thread-safe. {@code new TimerQueue<TimerTask>(System::nanoTime)::add} is a {@link TimerService}.
 *
 * @param <T> what is to be done
 */
public final class TimerQueue<T> {

    /** Later than anybody waits: 146 years, so that differences of clock values do not overflow. */
    private static final long FOREVER = Long.MAX_VALUE / 2;

    /** When something is due, and its number, because others may be due at the same time. */
    private record Due(long nanos, long number) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            long sooner = nanos - other.nanos; // clock values may have wrapped around
            return sooner != 0 ? Long.signum(sooner) : Long.compare(number, other.number);
        }
    }

    private final LongSupplier clock;
    private final TreeMap<Due, T> waiting = new TreeMap<>();
    private long numbers;

    /** An empty queue; the clock gives nanoseconds with any origin. */
    public TimerQueue(LongSupplier clock) {
        this.clock = clock;
    }

    /** Adds something that is due after a delay; the result takes it out again. */
    public synchronized BpfTimer.Cancellation add(T what, long delayNanos) {
        var due = new Due(clock.getAsLong() + Math.clamp(delayNanos, 0, FOREVER), numbers++);
        waiting.put(due, what);
        return () -> remove(due);
    }

    private synchronized void remove(Due due) {
        waiting.remove(due);
    }

    /** Takes out what has been due for longest, or gives null when nothing is due now. */
    public synchronized T poll() {
        return !waiting.isEmpty() && waiting.firstKey().nanos() - clock.getAsLong() <= 0
                ? waiting.pollFirstEntry().getValue()
                : null;
    }

    /** Nanoseconds until something is due, 0 when it is already; empty when nothing waits. */
    public synchronized OptionalLong untilNext() {
        return waiting.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(0, waiting.firstKey().nanos() - clock.getAsLong()));
    }

    /** How much waits. */
    public synchronized int size() {
        return waiting.size();
    }
}

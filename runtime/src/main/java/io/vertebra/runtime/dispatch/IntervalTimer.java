package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.firing.EventSink;
import io.vertebra.vm.map.BpfTimer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Wakes what waits for its time. Fires interval programs: a thread of its own publishes {@code struct vertebra_interval { u64 now_ns; u64 tick; }} to
 * the rings as any hook does. Ticks that find the ring full are dropped and counted, never made up for.
 */
final class IntervalTimer {

    private static final System.Logger LOG = System.getLogger(IntervalTimer.class.getName());

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("vertebra-interval").factory());
    private final Map<String, ScheduledFuture<?>> running = new HashMap<>();

    IntervalTimer() {
        timer.setRemoveOnCancelPolicy(true);
        timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    /** Fires an interval hook unless it is being fired; the first tick comes after one period. */
    void start(String name, Duration period, Supplier<QueuedTable> table) {
        repeat(name, period, () -> {
            long[] ticks = {0};
            return () -> {
                var current = table.get();
                if (current != null) {
                    publish(current, name.hashCode(), System.nanoTime(), ticks[0]++);
                }
            };
        });
    }

    /**
     * Does something again and again unless it is done already, the first time after one period.
     *
     * @param start gives what is to be done, which must not block
     */
    void repeat(String name, Duration period, Supplier<Runnable> start) {
        if (!running.containsKey(name)) {
            var action = start.get();
            running.put(
                    name,
                    timer.scheduleAtFixedRate(
                            () -> attempt(name, action), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS));
        }
    }

    /** What failed once is tried again: the pool would give it up. */
    private static void attempt(String name, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, "timer `" + name + "`: a turn failed", e);
        }
    }

    /** Does something once, after a delay; nothing when the timer is closed before. It must not block. */
    BpfTimer.Cancellation once(Runnable action, long delayNanos) {
        try {
            var task = timer.schedule(action, delayNanos, TimeUnit.NANOSECONDS);
            return () -> task.cancel(false);
        } catch (RejectedExecutionException _) { // closed
            return () -> {};
        }
    }

    void stop(String name) {
        var task = running.remove(name);
        if (task != null) {
            task.cancel(false);
        }
    }

    void close() {
        timer.shutdown();
        running.clear();
    }

    private static void publish(EventSink sink, long key, long now, long tick) {
        int ring = sink.ring(key);
        int length = sink.length(0);
        int index = sink.claim(ring, length, 0);
        if (index == EventSink.SUPERSEDED && sink.successor() != null) {
            publish(sink.successor(), key, now, tick);
        } else if (index >= 0) {
            long[] words = sink.words(ring);
            int at = sink.context(index);
            words[at] = now;
            words[at + 1] = tick;
            sink.commit(ring, index, length);
            sink.wake(ring);
        }
    }
}

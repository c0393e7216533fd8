package io.vertebra.runtime.dispatch;

import io.vertebra.vm.exec.TimerQueue;
import io.vertebra.vm.exec.TimerService;
import io.vertebra.vm.exec.TimerTask;

/**
 * The timers of codelets whose callbacks run on one core, between its events. The alarm wakes the core when one is due; a
 * callback counts as an event that was offered when its time came. Any thread may start and cancel timers; whoever drives
 * the core runs them.
 */
final class CoreTimers {

    private final TimerQueue<Due> queue = new TimerQueue<>(System::nanoTime);
    private final IntervalTimer alarm;
    private final Runnable wake;

    /**
     * Timers of a core.
     *
     * @param wake wakes the core's driver if it sleeps
     */
    CoreTimers(IntervalTimer alarm, Runnable wake) {
        this.alarm = alarm;
        this.wake = wake;
    }

    /** A callback that waits for its time. */
    private record Due(Attachment attachment, int cell, TimerTask task) {}

    /** What starts the timers of a codelet; its callbacks are counted in a cell that only this core writes. */
    TimerService serviceOf(Attachment attachment, int cell) {
        return (task, delay) -> {
            var entry = queue.add(new Due(attachment, cell, task), delay);
            // Later than the entry's clock value: whoever is woken finds that it is due.
            var ring = alarm.once(wake, delay);
            return () -> {
                entry.cancel();
                ring.cancel();
            };
        };
    }

    /** Runs callbacks that are due; gives how many were. */
    int run(RunSlot slot, int limit) {
        int done = 0;
        while (done < limit) {
            var due = queue.poll();
            if (due == null) {
                break;
            }
            done++;
            if (!due.attachment().detached) {
                due.attachment().expire(slot, due.cell(), due.task());
            }
        }
        return done;
    }

    /** Whether {@link #run} would find something now. */
    boolean ready() {
        return queue.untilNext().orElse(1) == 0;
    }
}

package io.vertebra.vm.exec;

import io.vertebra.vm.map.BpfTimer;

/**
 * Runs the callbacks of timers later: what a runtime supplies to an execution slot with {@link RunContext#timers}.
 * Guarantees that codelets rely on: a task is run at most once, not before its delay is over, and in an execution slot
 * that is inside no other run. Thread-safe; never blocks.
 */
@FunctionalInterface
public interface TimerService {

    /**
     * Takes a task.
     *
     * @param delayNanos at least 0
     * @return withdraws it
     */
    BpfTimer.Cancellation schedule(TimerTask task, long delayNanos);
}

package io.vertebra.runtime.dispatch;

import io.vertebra.vm.exec.RunContext;

/** The run context of a core or an inline slot. Belongs to one thread at a time. */
final class RunSlot {

    private final int copy;

    /** What {@link #context()} gave last; null makes it give a new one. */
    RunContext context;

    /** What ended the latest run that failed; judged here later, because its stack may just have ended. */
    Throwable failure;

    /** When the run began, in nanoseconds of {@code System.nanoTime}; 0 for one that is not timed. */
    long startNanos;

    /**
     * A slot without a context yet.
     *
     * @param copy the copy of per-CPU maps that its runs use
     */
    RunSlot(int copy) {
        this.copy = copy;
    }

    /** The context, not inside a run: a new one when the Java stack ended in a run, which may not have left the old. */
    RunContext context() {
        if (failure != null) {
            if (failure instanceof VirtualMachineError) {
                context = null;
            }
            failure = null;
        }
        if (context == null) {
            context = new RunContext(copy, copy);
        }
        return context;
    }
}

package io.vertebra.runtime.dispatch;

import io.vertebra.vm.exec.RunContext;

/** The run context of a core or an inline slot. Belongs to one thread at a time. */
final class RunSlot {

    private final int copy;
    private RunContext context;

    /** Set when the Java stack ended during a run, which may have left the context inside it. */
    boolean suspect;

    /**
     * A slot without a context yet.
     *
     * @param copy the copy of per-CPU maps that its runs use
     */
    RunSlot(int copy) {
        this.copy = copy;
    }

    /** The context, not inside a run. */
    RunContext context() {
        if (context == null || suspect) {
            context = new RunContext(copy, copy);
            suspect = false;
        }
        return context;
    }

    /** What {@link #context} gave last. */
    RunContext current() {
        return context;
    }
}

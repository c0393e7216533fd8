package io.vertebra.runtime.firing;

import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.RunContext;
import java.util.List;
import java.util.Optional;

/**
 * An {@link InlineSink} whose codelets have code that takes a hook's arguments. Called by the code that is generated for
 * it, in the order of the methods below. What it has not counted when the stack ends counts as failed.
 */
public interface DirectSink extends InlineSink {

    /** The code of each codelet in the order in which they run, empty for one that needs its context in memory. */
    List<Optional<DirectCode>> codes();

    /** Where runs are counted that take no slot; empty when some codelet needs one. */
    Optional<ThreadCells> cells();

    /** Whether it takes events; not yet before hooks lead to it. */
    boolean isOpen();

    /** Counts an event of a thread that is nested too deeply. */
    void refuse();

    /**
     * Readies a taken slot for the codelets of an event; the context is in its words already if any needs it.
     *
     * @param payload as for {@link #run}
     */
    void prepare(InlineSlot slot, Object payload);

    /** Whether {@link #admits} is to be asked before each run of a codelet. */
    boolean limited(int codelet);

    /** Whether a codelet may run now; counts the event when it may not. */
    boolean admits(InlineSlot slot, int codelet);

    /** Gives the run that a codelet's code is to use. */
    RunContext begin(InlineSlot slot, int codelet);

    /** Counts a run that has ended normally. */
    void ended(InlineSlot slot, int codelet);

    /** Counts a run that has thrown. */
    void failed(InlineSlot slot, int codelet, Throwable thrown);

    /** Runs a codelet without such code; gives r0, or the hook's {@code whenDetached} when it failed. */
    long run(InlineSlot slot, int codelet);

    /** Ends what {@link #prepare} began. */
    void finish(InlineSlot slot);

    /** Notes how long a run took that had no slot. */
    void sampled(int codelet, long startNanos);
}

package io.vertebra.runtime.firing;

/**
 * Room for one inline run: its scratch memory, and who holds it. The fields are public so that generated code needs no
 * call to give a slot back: a call could fail on a stack that has just ended.
 */
public class InlineSlot {

    /** Stands for "the table was replaced": {@link InlineSink#enter}. */
    public static final InlineSlot SUPERSEDED = new InlineSlot();

    /** The id of the thread that runs in this slot, {@link #FREE} when none does. */
    public volatile long owner;

    /** No thread's id. */
    public static final long FREE = 0;

    /** Where generated code stores the context. */
    public long[] words = new long[0];

    /** A slot that nobody holds. */
    protected InlineSlot() {}
}

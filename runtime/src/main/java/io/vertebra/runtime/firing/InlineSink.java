package io.vertebra.runtime.firing;

/** What runs a hook's inline codelets in the firing thread: one table of attached codelets. Called by generated code. */
public interface InlineSink {

    /** Takes a slot: null when there was none (counted), {@link InlineSlot#SUPERSEDED} when the table was replaced. */
    InlineSlot enter();

    /** The table that took this one's place, null when nothing is attached any more. */
    InlineSink successor();

    /**
     * Runs the codelets on the context in the slot's words.
     *
     * @param payload a {@code byte[]}, {@code ByteBuffer} or {@code MemorySegment}, which counts as empty when it is null; null
     *     for a hook without one
     * @return r0 of the last codelet, or the hook's {@code whenDetached} when it failed
     */
    long run(InlineSlot slot, Object payload);

    /** Gives the slot back. */
    void exit(InlineSlot slot);
}

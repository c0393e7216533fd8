package io.vertebra.runtime.ring;

/** What a ring's consumer does with each record. Called on the consumer's thread; what it throws ends the batch. */
public interface RecordHandler {

    /**
     * A committed record.
     *
     * @param type as committed
     * @param index of its header in {@link EventRing#words()}; the body follows
     * @param words of the record, header included
     */
    void committed(int type, int index, int words);

    /** A record whose producer gave it up after claiming it; there is nothing to read. */
    void discarded(int type);
}

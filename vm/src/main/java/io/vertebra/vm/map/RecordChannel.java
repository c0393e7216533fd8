package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * The consumer's side of a map that hands records out: a ring buffer, a perf event array, or an output of jbpf's. One thread drains at a
 * time; everything else may be called by anyone. Accounts are exact: {@code submitted = drained + pending}.
 */
public sealed interface RecordChannel permits BpfRingBuffer, BpfPerfEventArray, BpfOutput {

    /** The types of such maps. */
    Set<MapType> RECORDS = Set.of(MapType.RINGBUF, MapType.PERF_EVENT_ARRAY, MapType.JBPF_RINGBUF, MapType.JBPF_OUTPUT);

    /** What receives drained records. */
    @FunctionalInterface
    interface RecordConsumer {
        /**
         * One record; its memory is reused after the call. A record whose consumer throws counts as drained.
         *
         * @param data memory that holds the record
         * @param offset of its first byte, a multiple of 8
         * @param length its bytes, may be 0
         */
        void record(MemorySegment data, long offset, int length);
    }

    /** Whether maps of a type hand records out. */
    static boolean isOf(MapType type) {
        return RECORDS.contains(type);
    }

    /** What the map was made from. */
    MapSpec spec();

    /**
     * Gives up to {@code limit} submitted records to a consumer, oldest first for each producer, and stops at a record
     * that is still being written. One thread at a time.
     *
     * @return how many records the consumer got
     */
    int drain(RecordConsumer consumer, int limit);

    /** Whether a drain would find something now: to be asked again after announcing sleep and before sleeping. */
    boolean ready();

    /**
     * Sets what is called, on the producer's thread, after a submit or discard that the consumer may be waiting for (as
     * Linux decides: the record is the one that the consumer stands at). Must not block or throw.
     */
    void onSubmit(Runnable notifier);

    /**
     * Has each submit also counted elsewhere, before the record can be drained: where it outlives the process, say. To be
     * called before anything is submitted.
     *
     * @param counter the count, a long at offset 0 that others may write to atomically; it must stay alive
     */
    void countInto(MemorySegment counter);

    /** Records submitted since the start. */
    long submitted();

    /** Reservations given back since the start, by codelets or because a run failed. */
    long discarded();

    /** Reservations refused since the start because there was no room. */
    long refused();

    /**
     * Records submitted but not drained, counted by walking the memory. Exact when neither producers nor the consumer
     * move; otherwise a moment's estimate.
     */
    long pending();
}

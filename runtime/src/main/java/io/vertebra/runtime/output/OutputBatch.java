package io.vertebra.runtime.output;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Records of one stream, copied once out of the ring buffer and then shared by reference: the only type that leaves the
 * runtime for connectors. Immutable and thread-safe; the segments are read-only.
 */
public final class OutputBatch {

    /** Records begin at multiples of this many bytes. */
    private static final int ALIGNMENT = 8;

    private final StreamDescriptor stream;
    private final long firstSequence;
    private final long drainedMillis;
    private final MemorySegment bytes;
    private final int[] places;

    /**
     * A batch that takes over its arrays.
     *
     * @param stream where the records belong
     * @param firstSequence sequence number of the first record; the others follow without gaps
     * @param drainedMillis wall-clock time of the drain, milliseconds since 1970
     * @param bytes the records, each at a multiple of 8, backed by an array nobody else writes
     * @param places for record i: {@code places[2i]} its offset, {@code places[2i + 1]} its length
     */
    OutputBatch(StreamDescriptor stream, long firstSequence, long drainedMillis, MemorySegment bytes, int[] places) {
        this.stream = stream;
        this.firstSequence = firstSequence;
        this.drainedMillis = drainedMillis;
        this.bytes = bytes.asReadOnly();
        this.places = places;
    }

    /** A batch with copies of at least one record, for who tests a connector without a runtime. */
    public static OutputBatch of(StreamDescriptor stream, long firstSequence, long drainedMillis, List<byte[]> records) {
        var places = new int[2 * records.size()];
        int end = 0;
        for (int i = 0; i < records.size(); i++) {
            places[2 * i] = end;
            places[2 * i + 1] = records.get(i).length;
            end += (records.get(i).length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }
        var bytes = MemorySegment.ofArray(new long[end / ALIGNMENT]);
        for (int i = 0; i < records.size(); i++) {
            MemorySegment.copy(MemorySegment.ofArray(records.get(i)), 0, bytes, places[2 * i], places[2 * i + 1]);
        }
        return new OutputBatch(stream, firstSequence, drainedMillis, bytes, places);
    }

    /** The stream. */
    public StreamDescriptor stream() {
        return stream;
    }

    /** Sequence number of record 0; a stream's first record has 0. */
    public long firstSequence() {
        return firstSequence;
    }

    /** Wall-clock time of the drain, milliseconds since 1970. */
    public long drainedMillis() {
        return drainedMillis;
    }

    /** Number of records, at least 1. */
    public int size() {
        return places.length / 2;
    }

    /** The bytes of one record, read-only. */
    public MemorySegment record(int index) {
        return bytes.asSlice(places[2 * index], places[2 * index + 1]);
    }

    /** Bytes of all records, for limits. */
    public long byteSize() {
        return bytes.byteSize();
    }
}

package io.vertebra.connectors.live;

import io.vertebra.connectors.format.TypedRecord;
import io.vertebra.runtime.output.OutputBatch;

/** A batch in a log. Each record is encoded when the first client gets it, and never again. */
final class LoggedBatch {

    /** What a batch costs beside its records. */
    private static final int OVERHEAD = 128;

    private final OutputBatch batch;
    private final long first;
    private final String[] texts;

    /** {@code first} is the position of the first record. */
    LoggedBatch(OutputBatch batch, long first) {
        this.batch = batch;
        this.first = first;
        this.texts = new String[batch.size()];
    }

    long first() {
        return first;
    }

    /** The position behind the last record. */
    long end() {
        return first + texts.length;
    }

    int size() {
        return texts.length;
    }

    long bytes() {
        return batch.byteSize() + OVERHEAD;
    }

    /** The record at a position, as JSON. */
    String text(long position) {
        int index = (int) (position - first);
        if (texts[index] == null) {
            texts[index] = "{\"sequence\":" + (batch.firstSequence() + index) + ",\"time\":" + batch.drainedMillis()
                    + ",\"value\":" + TypedRecord.of(batch, index).json().encode() + "}";
        }
        return texts[index];
    }
}

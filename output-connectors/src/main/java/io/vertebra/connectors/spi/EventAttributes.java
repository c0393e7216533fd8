package io.vertebra.connectors.spi;

import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.RecordKinds.Kind;
import io.vertebra.runtime.output.StreamDescriptor;
import java.time.Instant;

/**
 * The CloudEvents 1.0 attributes of a stream's records, the same in every connector. Immutable.
 *
 * @param stream the stream
 * @param source as {@link ConnectorContext#source}
 */
public record EventAttributes(StreamDescriptor stream, String source) {

    /** {@code specversion}. */
    public static final String VERSION = "1.0";

    /** Makes {@code source} that of the stream's codelet set. */
    public static EventAttributes of(StreamDescriptor stream, ConnectorContext context) {
        return new EventAttributes(stream, context.source() + "/" + stream.codeletSet());
    }

    /** {@code type} of a record: the stream and, where it has several, the kind. */
    public String type(Kind kind) {
        return "io.vertebra." + stream.name() + (kind.name().isEmpty() ? "" : "." + kind.name());
    }

    /** {@code id} of a record: unique together with the source. */
    public String id(OutputBatch batch, int index) {
        return stream.name() + "/" + (batch.firstSequence() + index);
    }

    /** {@code time} of a batch's records: when it was drained. */
    public static String time(OutputBatch batch) {
        return Instant.ofEpochMilli(batch.drainedMillis()).toString();
    }
}

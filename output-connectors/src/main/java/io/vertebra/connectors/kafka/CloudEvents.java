package io.vertebra.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertebra.connectors.spi.RecordJson;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The wire form of one stream's records: CloudEvents 1.0 attributes as headers, the record as JSON. Immutable. */
final class CloudEvents {

    private final StreamDescriptor stream;
    private final String topic;
    private final List<Header> constant;

    /** The form of a stream's records in its topic. */
    CloudEvents(StreamDescriptor stream, String topic, String source) {
        this.stream = stream;
        this.topic = topic;
        this.constant = List.of(
                header("ce_specversion", "1.0"),
                header("ce_source", source + "/" + stream.codeletSet()),
                header("ce_type", "io.vertebra." + stream.name()),
                header("content-type", "application/json"));
    }

    String topic() {
        return topic;
    }

    /** {@code ce_time} of a batch: when it was drained. */
    static Header time(OutputBatch batch) {
        return header("ce_time", Instant.ofEpochMilli(batch.drainedMillis()).toString());
    }

    /** One record; its key is the text of the stream's key field, absent when the stream names none. */
    ProducerRecord<byte[], byte[]> encode(OutputBatch batch, int index, Header time) {
        var value = RecordJson.record(batch, index);
        var key = stream.key().isEmpty() ? null : value.getValue(stream.key());
        var event = new ProducerRecord<>(
                topic,
                key == null ? null : key.toString().getBytes(UTF_8),
                value.toBuffer().getBytes());
        var headers = event.headers();
        headers.add(header("ce_id", stream.name() + "/" + (batch.firstSequence() + index)));
        constant.forEach(headers::add);
        headers.add(time);
        return event;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }
}

package io.vertebra.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertebra.config.KafkaSettings.CloudEventsMode;
import io.vertebra.connectors.format.EventJson;
import io.vertebra.connectors.format.StreamEvents;
import io.vertebra.connectors.format.TypedRecord;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.EventAttributes;
import io.vertebra.runtime.output.OutputBatch;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The wire form of one stream's records, CloudEvents 1.0 over Kafka: in binary mode the attributes are headers and the value
 * is the record, in structured mode the value is all of it as JSON. Belongs to one thread.
 */
final class CloudEvents {

    private static final Header VERSION = header("ce_specversion", EventAttributes.VERSION);
    private static final Header STRUCTURED = header("content-type", EventJson.CONTENT_TYPE);

    private final StreamEvents events;
    private final String topic;
    private final CloudEventsMode mode;

    /** The form of a stream's records in its topic. */
    CloudEvents(ConnectorContext context, String topic, CloudEventsMode mode) {
        this.events = new StreamEvents(context);
        this.topic = topic;
        this.mode = mode;
    }

    String topic() {
        return topic;
    }

    /** {@code ce_time} of a batch: when it was drained. */
    static Header time(OutputBatch batch) {
        return header("ce_time", EventAttributes.time(batch));
    }

    /** One record; its key is the text of the stream's key field, absent when the record has none. */
    ProducerRecord<byte[], byte[]> encode(OutputBatch batch, int index, Header time) {
        var event = events.of(batch.stream());
        var record = TypedRecord.of(batch, index);
        var key = record.text(batch.stream().key())
                .map(text -> text.getBytes(UTF_8))
                .orElse(null);
        return switch (mode) {
            case BINARY -> binary(key, event, record, event.attributes().id(batch, index), time);
            case STRUCTURED -> {
                var value = event.event(batch, index, record).toBuffer().getBytes();
                var structured = new ProducerRecord<>(topic, key, value);
                structured.headers().add(STRUCTURED);
                yield structured;
            }
        };
    }

    private ProducerRecord<byte[], byte[]> binary(
            byte[] key, EventJson event, TypedRecord record, String id, Header time) {
        var payload = event.format().encode(record);
        var binary = new ProducerRecord<>(topic, key, payload.bytes());
        var headers = binary.headers()
                .add(VERSION)
                .add(header("ce_id", id))
                .add(header("ce_source", event.attributes().source()))
                .add(header("ce_type", event.attributes().type(record.kind())))
                .add(time)
                .add(header("content-type", payload.contentType()));
        payload.schema().ifPresent(schema -> headers.add(header("ce_dataschema", schema)));
        return binary;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }
}

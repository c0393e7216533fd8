package io.vertebra.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertebra.connectors.spi.EventAttributes;
import io.vertebra.connectors.spi.RecordJson;
import io.vertebra.runtime.output.OutputBatch;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** The wire form of one stream's records: CloudEvents 1.0 attributes as headers, the record as JSON. Immutable. */
final class CloudEvents {

    private final EventAttributes attributes;
    private final String topic;
    private final List<Header> constant;

    /** The form of a stream's records in its topic. */
    CloudEvents(EventAttributes attributes, String topic) {
        this.attributes = attributes;
        this.topic = topic;
        this.constant = List.of(
                header("ce_specversion", EventAttributes.VERSION),
                header("ce_source", attributes.source()),
                header("ce_type", attributes.type()),
                header("content-type", "application/json"));
    }

    String topic() {
        return topic;
    }

    /** {@code ce_time} of a batch: when it was drained. */
    static Header time(OutputBatch batch) {
        return header("ce_time", EventAttributes.time(batch));
    }

    /** One record; its key is the text of the stream's key field, absent when the stream names none. */
    ProducerRecord<byte[], byte[]> encode(OutputBatch batch, int index, Header time) {
        var value = RecordJson.record(batch, index);
        var keyField = attributes.stream().key();
        var key = keyField.isEmpty() ? null : value.getValue(keyField);
        var event = new ProducerRecord<>(
                topic,
                key == null ? null : key.toString().getBytes(UTF_8),
                value.toBuffer().getBytes());
        var headers = event.headers();
        headers.add(header("ce_id", attributes.id(batch, index)));
        constant.forEach(headers::add);
        headers.add(time);
        return event;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }
}

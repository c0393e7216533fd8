package io.vertebra.connectors.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertebra.config.KafkaSettings.CloudEventsMode;
import io.vertebra.connectors.format.EventJson;
import io.vertebra.connectors.format.StreamEvents;
import io.vertebra.connectors.format.TypedRecord;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.EventAttributes;
import io.vertebra.runtime.output.OutputBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The wire form of one stream's records, CloudEvents 1.0 over Kafka: in binary mode the attributes are headers and the value
 * is the record, in structured mode the value is all of it as JSON. Belongs to one thread.
 */
final class CloudEvents {

    private static final Header VERSION = header("ce_specversion", EventAttributes.VERSION);
    private static final List<Header> STRUCTURED = List.of(header("content-type", EventJson.CONTENT_TYPE));

    private final StreamEvents events;
    private final String topic;
    private final CloudEventsMode mode;
    private final Map<String, Header> constant = new HashMap<>(); // by value: no two names share one

    /** The form of a stream's records in its topic. */
    CloudEvents(ConnectorContext context, String topic, CloudEventsMode mode) {
        this.events = new StreamEvents(context);
        this.topic = topic;
        this.mode = mode;
    }

    String topic() {
        return topic;
    }

    /** The records of a batch, in order; the key is the text of the stream's key field, absent when the record has none. */
    List<ProducerRecord<byte[], byte[]>> records(OutputBatch batch) {
        return IntStream.range(0, batch.size()).mapToObj(form(batch)).toList();
    }

    private IntFunction<ProducerRecord<byte[], byte[]>> form(OutputBatch batch) {
        var event = events.of(batch.stream());
        return switch (mode) {
            case BINARY -> {
                var source = header("ce_source", event.attributes().source());
                var time = header("ce_time", EventAttributes.time(batch));
                yield index -> binary(batch, index, event, source, time);
            }
            case STRUCTURED -> index -> structured(batch, index, event);
        };
    }

    private ProducerRecord<byte[], byte[]> structured(OutputBatch batch, int index, EventJson event) {
        var record = TypedRecord.of(batch, index);
        var value = event.event(batch, index, record).toBuffer().getBytes();
        return new ProducerRecord<>(topic, null, key(batch, record), value, STRUCTURED);
    }

    private ProducerRecord<byte[], byte[]> binary(
            OutputBatch batch, int index, EventJson event, Header source, Header time) {
        var record = TypedRecord.of(batch, index);
        var payload = event.format().encode(record);
        var headers = new ArrayList<Header>(7);
        headers.add(VERSION);
        headers.add(header("ce_id", event.attributes().id(batch, index)));
        headers.add(source);
        headers.add(constant("ce_type", event.attributes().type(record.kind())));
        headers.add(time);
        headers.add(constant("content-type", payload.contentType()));
        payload.schema().ifPresent(schema -> headers.add(constant("ce_dataschema", schema)));
        return new ProducerRecord<>(topic, null, key(batch, record), payload.bytes(), headers);
    }

    private static byte[] key(OutputBatch batch, TypedRecord record) {
        return record.text(batch.stream().key())
                .map(text -> text.getBytes(UTF_8))
                .orElse(null);
    }

    private Header constant(String name, String value) {
        var known = constant.get(value);
        if (known == null) {
            known = header(name, value);
            constant.put(value, known);
        }
        return known;
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }
}

package io.vertebra.connectors.format;

import io.vertebra.connectors.spi.EventAttributes;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.json.JsonObject;
import java.util.Base64;

/**
 * Records as CloudEvents 1.0 in the JSON format: a JSON record is {@code data}, other bytes are {@code data_base64}.
 * Immutable.
 *
 * @param attributes of the stream's events
 * @param format of the stream's records
 */
public record EventJson(EventAttributes attributes, RecordFormat format) {

    /** The media type of such an event. */
    public static final String CONTENT_TYPE = "application/cloudevents+json";

    /** The event of one record. */
    public JsonObject event(OutputBatch batch, int index) {
        return event(batch, index, TypedRecord.of(batch, index));
    }

    /** The event of one record that has been read already. */
    public JsonObject event(OutputBatch batch, int index, TypedRecord record) {
        var event = new JsonObject()
                .put("specversion", EventAttributes.VERSION)
                .put("id", attributes.id(batch, index))
                .put("source", attributes.source())
                .put("type", attributes.type(record.kind()))
                .put("time", EventAttributes.time(batch));
        var payload = format.encode(record);
        payload.schema().ifPresent(schema -> event.put("dataschema", schema));
        return switch (payload) {
            case Payload.Json(var typed) -> event.put("data", typed.json());
            case Payload.Binary binary ->
                event.put("datacontenttype", binary.contentType())
                        .put("data_base64", Base64.getEncoder().encodeToString(binary.bytes()));
        };
    }
}

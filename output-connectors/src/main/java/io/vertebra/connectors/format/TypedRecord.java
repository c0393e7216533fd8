package io.vertebra.connectors.format;

import io.vertebra.connectors.spi.RecordJson;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.RecordKinds.Kind;
import io.vertebra.vm.btf.BtfValues;
import io.vertx.core.json.JsonObject;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Optional;

/**
 * A record as BTF reads it. Immutable.
 *
 * @param bytes as the codelet wrote them
 * @param kind which of the stream's types it is
 * @param value as {@link BtfValues} gives it; empty when the type is undeclared, or the record too short for it
 */
public record TypedRecord(MemorySegment bytes, Kind kind, Optional<Object> value) {

    /** One record of a batch. */
    public static TypedRecord of(OutputBatch batch, int index) {
        var stream = batch.stream();
        var bytes = batch.record(index);
        var kind = stream.kindOf(bytes);
        return new TypedRecord(
                bytes, kind, kind.type() == 0 ? Optional.empty() : BtfValues.record(stream.btf(), kind.type(), bytes));
    }

    /** The text of a field; empty when the record has none of the name. */
    public Optional<String> text(String field) {
        return value.filter(Map.class::isInstance)
                .map(fields -> ((Map<?, ?>) fields).get(field))
                .map(found -> RecordJson.json(found).toString());
    }

    /** The record as an object: {@code {"value": ...}} of a type that is no struct, {@code {"hex": "..."}} without a type. */
    public JsonObject json() {
        var json = RecordJson.json(value.orElseGet(() -> bytes.toArray(ValueLayout.JAVA_BYTE)));
        return json instanceof JsonObject object ? object : new JsonObject().put("value", json);
    }
}

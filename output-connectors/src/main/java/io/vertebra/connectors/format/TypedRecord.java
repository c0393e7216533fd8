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

/** A record as BTF reads it, when it is asked for. Belongs to one thread. */
public final class TypedRecord {

    private final OutputBatch batch;
    private final MemorySegment bytes;
    private final Kind kind;
    private Optional<Object> value;

    private TypedRecord(OutputBatch batch, int index) {
        this.batch = batch;
        this.bytes = batch.record(index);
        this.kind = batch.stream().kindOf(bytes);
    }

    /** One record of a batch. */
    public static TypedRecord of(OutputBatch batch, int index) {
        return new TypedRecord(batch, index);
    }

    /** As the codelet wrote it. */
    public byte[] bytes() {
        return bytes.toArray(ValueLayout.JAVA_BYTE);
    }

    /** Which of the stream's types it is. */
    public Kind kind() {
        return kind;
    }

    /** As {@link BtfValues} gives it; empty when the type is undeclared, or the record too short for it. */
    public Optional<Object> value() {
        if (value == null) {
            value = kind.type() == 0
                    ? Optional.empty()
                    : BtfValues.record(batch.stream().btf(), kind.type(), bytes);
        }
        return value;
    }

    /** The text of a field; empty when the record has none of the name. */
    public Optional<String> text(String field) {
        return field.isEmpty()
                ? Optional.empty()
                : value().filter(Map.class::isInstance)
                        .map(fields -> ((Map<?, ?>) fields).get(field))
                        .map(found -> RecordJson.json(found).toString());
    }

    /** The record as {@link RecordJson} has it; {@code {"hex": "..."}} without a value. */
    public JsonObject json() {
        return RecordJson.object(value().orElseGet(this::bytes));
    }

    /** The same as UTF-8. */
    public byte[] jsonBytes() {
        Optional<byte[]> written = kind.type() == 0
                ? Optional.empty()
                : JsonWriter.write(batch.stream().btf(), kind.type(), bytes);
        return written.orElseGet(() -> RecordJson.object(bytes()).toBuffer().getBytes());
    }
}

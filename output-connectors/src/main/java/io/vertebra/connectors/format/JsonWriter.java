package io.vertebra.connectors.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertebra.connectors.spi.RecordJson;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfType;
import io.vertebra.vm.btf.BtfValues;
import io.vertebra.vm.btf.BtfVisitor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.Optional;

/** Writes records as {@link RecordJson} has them, from their memory to UTF-8 without objects between. */
final class JsonWriter implements BtfVisitor<IOException> {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int USUAL_BYTES = 256;

    private final JsonGenerator to;

    private JsonWriter(JsonGenerator to) {
        this.to = to;
    }

    /** A record of a type; empty when it is too short for it. */
    static Optional<byte[]> write(Btf btf, int type, MemorySegment record) {
        var bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try (var to = FACTORY.createGenerator(bytes)) {
            boolean isStruct = btf.resolved(type) instanceof BtfType.Struct;
            if (!isStruct) {
                to.writeStartObject();
                to.writeFieldName(RecordJson.VALUE);
            }
            if (!BtfValues.record(btf, type, record, new JsonWriter(to))) {
                return Optional.empty();
            }
            if (!isStruct) {
                to.writeEndObject();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // not in memory
        }
        return Optional.of(bytes.toByteArray());
    }

    @Override
    public void beginStruct() throws IOException {
        to.writeStartObject();
    }

    @Override
    public void member(String name) throws IOException {
        to.writeFieldName(name);
    }

    @Override
    public void endStruct() throws IOException {
        to.writeEndObject();
    }

    @Override
    public void beginArray() throws IOException {
        to.writeStartArray();
    }

    @Override
    public void endArray() throws IOException {
        to.writeEndArray();
    }

    @Override
    public void integer(long value) throws IOException {
        if (RecordJson.isExact(value)) {
            to.writeNumber(value);
        } else {
            to.writeString(Long.toString(value));
        }
    }

    @Override
    public void integer(BigInteger value) throws IOException {
        to.writeString(value.toString());
    }

    @Override
    public void floating(float value) throws IOException {
        to.writeNumber(value);
    }

    @Override
    public void floating(double value) throws IOException {
        to.writeNumber(value);
    }

    @Override
    public void bool(boolean value) throws IOException {
        to.writeBoolean(value);
    }

    @Override
    public void text(String value) throws IOException {
        to.writeString(value);
    }
}

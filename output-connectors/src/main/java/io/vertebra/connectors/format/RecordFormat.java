package io.vertebra.connectors.format;

import io.vertebra.config.StreamFormat;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.btf.Btf;
import java.util.List;

/** Writes the records of one stream. Implementations are immutable and thread-safe. */
@FunctionalInterface
public interface RecordFormat {

    /** A record as others get it. */
    Payload encode(TypedRecord record);

    /**
     * The format that a stream names.
     *
     * @throws ConnectorException when a library that it needs is missing
     */
    static RecordFormat of(StreamDescriptor stream) {
        requireLibrary(stream.name(), stream.format());
        return switch (stream.format()) {
            case JSON -> Payload.Json::new;
            case RAW -> record -> Payload.Binary.raw(record.bytes());
            case PROTOBUF -> new ProtobufFormat(stream);
        };
    }

    /**
     * Checks that a format can be written here.
     *
     * @param stream its name, for the message
     * @throws ConnectorException when a library that it needs is missing
     */
    static void requireLibrary(String stream, StreamFormat format) {
        try {
            if (format == StreamFormat.PROTOBUF) {
                ProtobufSchema.of("none", "none", Btf.EMPTY, List.of());
            }
        } catch (NoClassDefFoundError e) {
            throw new ConnectorException(
                    "stream `" + stream + "`: format `protobuf` needs the library com.google.protobuf:protobuf-java,"
                            + " put it on the class path",
                    e);
        }
    }
}

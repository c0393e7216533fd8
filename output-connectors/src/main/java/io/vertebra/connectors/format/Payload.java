package io.vertebra.connectors.format;

import java.util.Optional;

/** A record in its stream's format. */
public sealed interface Payload {

    /** The media type: CloudEvents' {@code datacontenttype}. */
    String contentType();

    /** What names the schema: CloudEvents' {@code dataschema}, a URI; empty for none. */
    Optional<String> schema();

    /** The encoded record. */
    byte[] bytes();

    /**
     * A JSON object.
     *
     * @param record what it tells
     */
    record Json(TypedRecord record) implements Payload {
        @Override
        public String contentType() {
            return "application/json";
        }

        @Override
        public Optional<String> schema() {
            return Optional.empty();
        }

        @Override
        public byte[] bytes() {
            return record.jsonBytes();
        }
    }

    /** Bytes that are not text. */
    record Binary(String contentType, Optional<String> schema, byte[] bytes) implements Payload {

        /** Bytes that nothing is known of. */
        public static Binary raw(byte[] bytes) {
            return new Binary("application/octet-stream", Optional.empty(), bytes);
        }
    }
}

package io.vertebra.config;

/** How the records of a stream are written for others. */
public enum StreamFormat {
    /** Objects of JSON, typed by BTF. */
    JSON,
    /** The record's bytes, as the codelet wrote them. */
    RAW,
    /** Messages of Protocol Buffers, typed by BTF. */
    PROTOBUF
}

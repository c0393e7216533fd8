package io.vertebra.vm.exec;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** The Java type that a hook's payload has. */
public enum PayloadType {
    /** All bytes of an array. */
    BYTES(byte[].class),
    /** A buffer's bytes from its position to its limit. */
    BUFFER(ByteBuffer.class),
    /** All bytes of a segment. */
    SEGMENT(MemorySegment.class);

    private final Class<?> type;

    PayloadType(Class<?> type) {
        this.type = type;
    }

    /** The type. */
    public Class<?> type() {
        return type;
    }
}

package io.vertebra.vm.exec;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * A payload as the application has it, an array or a buffer, of which many runs never ask a segment. One for each
 * execution slot; not thread-safe.
 *
 * <p>What is only read and not large is copied into the slot's memory, because a segment would be allocated for each event.
 */
final class PayloadSource {

    /** The most bytes that are copied. */
    static final int MOST_COPIED = 4096;

    private byte[] bytes;
    private ByteBuffer buffer;
    private byte[] copy;
    private MemorySegment copied;

    /** Sets an array, null for none. */
    @SuppressWarnings("ReferenceEquality") // as in Region.place
    void set(byte[] array) {
        if (bytes != array) {
            bytes = array;
        }
    }

    /** Sets a buffer, null for none. */
    @SuppressWarnings("ReferenceEquality") // as in Region.place
    void set(ByteBuffer from) {
        if (buffer != from) {
            buffer = from;
        }
    }

    /** The payload's bytes from offset 0 on; no other offsets may be used than those of its length when it was set. */
    MemorySegment segment(int length, boolean writable) {
        if (writable || length > MOST_COPIED) {
            return bytes == null ? MemorySegment.ofBuffer(buffer) : MemorySegment.ofArray(bytes);
        }
        if (copy == null) {
            copy = new byte[MOST_COPIED];
            copied = MemorySegment.ofArray(copy);
        }
        if (bytes == null) {
            buffer.get(buffer.position(), copy, 0, length);
        } else {
            System.arraycopy(bytes, 0, copy, 0, length);
        }
        return copied;
    }
}

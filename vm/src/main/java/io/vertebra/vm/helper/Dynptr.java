package io.vertebra.vm.helper;

import io.vertebra.vm.map.BpfRingBuffer;

/**
 * What the 16 bytes of a {@code struct bpf_dynptr} on a codelet's stack stand for: memory whose size is known at run time.
 *
 * @param address the codelet's address of its first byte, 0 for a dynptr without memory
 * @param size its bytes
 * @param kind where the memory comes from
 * @param ring the ring buffer of a reserved record, null for other kinds and without memory
 */
public record Dynptr(long address, long size, Kind kind, BpfRingBuffer ring) {

    /** The most bytes ({@code DYNPTR_MAX_SIZE}). */
    public static final long MOST_BYTES = (1 << 24) - 1;

    /** Where memory comes from. */
    public enum Kind {
        /** A map's value, or nothing because the helper failed. */
        LOCAL("made by dynptr_from_mem"),
        /** A record that has to be submitted or discarded, or nothing because no room was left. */
        RESERVED("made by ringbuf_reserve_dynptr"),
        /** A sample of a user ring buffer, as long as the callback runs. */
        SAMPLE("a sample's");

        private final String origin;

        Kind(String origin) {
            this.origin = origin;
        }

        /** For messages. */
        public String origin() {
            return origin;
        }
    }

    /** One without memory. */
    public static Dynptr empty(Kind kind) {
        return new Dynptr(0, 0, kind, null);
    }

    /** Whether it has memory. */
    public boolean hasMemory() {
        return address != 0;
    }

    /** Whether a part lies inside; both numbers are unsigned. */
    public boolean contains(long offset, long bytes) {
        return Long.compareUnsigned(bytes, size) <= 0 && Long.compareUnsigned(offset, size - bytes) <= 0;
    }
}

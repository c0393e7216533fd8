package io.vertebra.runtime.output;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How records of several types are told apart: by an integer that each has at the same place. Immutable and thread-safe.
 *
 * @param offset bytes from the record's start to the integer, little endian
 * @param size bytes of the integer, 1 to 8; 0 when all records have one type
 * @param byValue the kinds by the integer's bits without a sign, in the order of their declaration
 */
public record RecordKinds(int offset, int size, Map<Long, Kind> byValue) {

    /** Records of one type. */
    public static final RecordKinds ONE = new RecordKinds(0, 0, Map.of());

    /**
     * One of the types.
     *
     * @param name its name in the types of events; empty for records of one type, and those that are of no kind
     * @param type BTF id, 0 when undeclared
     */
    public record Kind(String name, int type) {}

    /** Makes the map immutable. */
    public RecordKinds {
        byValue = Collections.unmodifiableMap(new LinkedHashMap<>(byValue));
    }

    /** The kind of a record; empty when it ends before the integer, or the integer has no kind. */
    public Optional<Kind> of(MemorySegment record) {
        if (size == 0 || record.byteSize() < offset + size) {
            return Optional.empty();
        }
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << Byte.SIZE | Byte.toUnsignedLong(record.get(ValueLayout.JAVA_BYTE, offset + i));
        }
        return Optional.ofNullable(byValue.get(value));
    }
}

package io.vertebra.runtime.output;

import io.vertebra.config.Delivery;
import io.vertebra.config.StreamFormat;
import io.vertebra.runtime.output.RecordKinds.Kind;
import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfLayouts;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A stream of records that a codelet set emits through a ring buffer map.
 *
 * @param name unique in the runtime, for example {@code slow_requests}
 * @param codeletSet the set that declares it
 * @param map the ring buffer's name
 * @param delivery what its records are owed
 * @param connectors where it goes, for example {@code kafka}, {@code live}; empty means every running connector
 * @param key field of the record that becomes the Kafka key; empty for none
 * @param btf the types of the records
 * @param recordType BTF id of the record type, 0 when undeclared (records are then shown as hex)
 * @param kinds the record types, when there are several
 * @param format how its records are written for others
 */
public record StreamDescriptor(
        String name,
        String codeletSet,
        String map,
        Delivery delivery,
        List<String> connectors,
        String key,
        Btf btf,
        int recordType,
        RecordKinds kinds,
        StreamFormat format) {

    /** Makes the list immutable. */
    public StreamDescriptor {
        connectors = List.copyOf(connectors);
    }

    /** A stream of records of one type, as JSON. */
    public StreamDescriptor(
            String name,
            String codeletSet,
            String map,
            Delivery delivery,
            List<String> connectors,
            String key,
            Btf btf,
            int recordType) {
        this(name, codeletSet, map, delivery, connectors, key, btf, recordType, RecordKinds.ONE, StreamFormat.JSON);
    }

    /** This stream in another format. */
    public StreamDescriptor withFormat(StreamFormat other) {
        return new StreamDescriptor(name, codeletSet, map, delivery, connectors, key, btf, recordType, kinds, other);
    }

    /** This stream with records of several kinds; any other record has no type. */
    public StreamDescriptor withKinds(RecordKinds others) {
        return new StreamDescriptor(name, codeletSet, map, delivery, connectors, key, btf, 0, others, format);
    }

    /** Whether types of its records are declared. */
    public boolean typed() {
        return recordType != 0 || !kinds.byValue().isEmpty();
    }

    /** Whether records of this stream and of another are read and written in the same way. */
    public boolean sameRecords(StreamDescriptor other) {
        return format == other.format
                && BtfLayouts.same(btf, recordType, other.btf, other.recordType)
                && kinds.offset() == other.kinds.offset()
                && kinds.size() == other.kinds.size()
                && kinds.byValue().keySet().equals(other.kinds.byValue().keySet())
                && kinds.byValue().entrySet().stream()
                        .allMatch(kind -> same(
                                kind.getValue(), other, other.kinds.byValue().get(kind.getKey())));
    }

    private boolean same(Kind kind, StreamDescriptor other, Kind otherKind) {
        return kind.name().equals(otherKind.name()) && BtfLayouts.same(btf, kind.type(), other.btf, otherKind.type());
    }

    /** What a record is. */
    public Kind kindOf(MemorySegment record) {
        return kinds.of(record).orElseGet(() -> new Kind("", recordType));
    }
}

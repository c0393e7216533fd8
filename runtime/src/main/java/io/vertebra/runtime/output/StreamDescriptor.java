package io.vertebra.runtime.output;

import io.vertebra.config.Delivery;
import io.vertebra.vm.btf.Btf;
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
 */
public record StreamDescriptor(
        String name,
        String codeletSet,
        String map,
        Delivery delivery,
        List<String> connectors,
        String key,
        Btf btf,
        int recordType) {

    /** Makes the list immutable. */
    public StreamDescriptor {
        connectors = List.copyOf(connectors);
    }
}

package io.vertebra.runtime.codelet;

import io.vertebra.vm.btf.BtfValues;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfQueue;
import io.vertebra.vm.map.BpfUserRingBuffer;
import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * A way into a codelet set: records that are sent here wait in a map until a codelet takes them. Records that find no room
 * are refused and counted; nothing that waits is dropped for them. Thread-safe.
 */
public final class InputChannel {

    private final String name;
    private final BpfMap map;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();

    InputChannel(String name, BpfMap map) {
        this.name = name;
        this.map = map;
    }

    /** Its name, unique in the runtime. */
    public String name() {
        return name;
    }

    /** The queue, stack, user ring buffer, or control input of jbpf's behind it. */
    public BpfMap map() {
        return map;
    }

    /** Records that were taken in so far. */
    public long accepted() {
        return accepted.sum();
    }

    /** Records that found no room so far. */
    public long refused() {
        return refused.sum();
    }

    /** Records that wait for a codelet; of a user ring buffer, an estimate. */
    public long waiting() {
        return map.size();
    }

    /**
     * Sends one record.
     *
     * @param record its bytes, little-endian: for a queue as many as its {@code value_size}
     * @return whether there was room
     * @throws IllegalArgumentException when its size is not allowed
     */
    public boolean send(byte[] record) {
        boolean taken = switch (map) {
            case BpfQueue queue -> {
                require(record.length, queue.spec());
                yield queue.send(record);
            }
            case BpfUserRingBuffer ring -> ring.offer(record);
            default ->
                throw new IllegalStateException(
                        "input `" + name + "`: " + map.spec().type());
        };
        (taken ? accepted : refused).increment();
        return taken;
    }

    /**
     * Sends one record given by its fields.
     *
     * @param record by field name, as {@link BtfValues#write} takes values; fields that are not named are 0
     * @return whether there was room
     * @throws IllegalArgumentException when a field is unknown or its value does not fit, or the map's type is not declared
     */
    public boolean send(Map<String, ?> record) {
        var spec = map.spec();
        if (spec.valueType() == 0) {
            throw new IllegalArgumentException(
                    "input `" + name + "`: the type of its records is not declared, send bytes");
        }
        byte[] bytes = new byte[(int) spec.btf().sizeOf(spec.valueType())];
        BtfValues.write(spec.btf(), spec.valueType(), MemorySegment.ofArray(bytes), 0, name, record);
        return send(bytes);
    }

    private void require(int length, MapSpec spec) {
        if (length != spec.valueSize()) {
            throw new IllegalArgumentException(
                    "input `" + name + "`: a record of " + length + " bytes, allowed is " + spec.valueSize());
        }
    }
}

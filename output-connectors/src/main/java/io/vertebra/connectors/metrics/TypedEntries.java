package io.vertebra.connectors.metrics;

import io.vertebra.vm.btf.Btf;
import io.vertebra.vm.btf.BtfValues;
import io.vertebra.vm.map.BpfMap;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A live map's entries as {@link BtfValues} types them; bytes without a type stay a {@code byte[]}. The numbers of a per-CPU
 * map are summed over its copies. Thread-safe.
 */
public final class TypedEntries {

    private final BpfMap map;

    /** The entries of a map. */
    public TypedEntries(BpfMap map) {
        this.map = map;
    }

    /**
     * One entry.
     *
     * @param key Long, String, Map of struct members, ...; see {@link BtfValues}
     * @param value of the same kinds
     */
    public record Entry(Object key, Object value) {}

    /** The map itself. */
    public BpfMap map() {
        return map;
    }

    /** All entries now. */
    public List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        map.forEach((key, copies) -> entries.add(new Entry(key(key), value(copies))));
        return entries;
    }

    /**
     * Visits entries without an order.
     *
     * @param limit most entries to visit
     * @param visitor gets the key's bytes and the entry
     * @return how many more there were
     */
    public int forEach(int limit, BiConsumer<byte[], Entry> visitor) {
        var seen = new int[1];
        map.forEach((key, copies) -> {
            if (seen[0]++ < limit) {
                visitor.accept(key, new Entry(key(key), value(copies)));
            }
        });
        return Math.max(0, seen[0] - limit);
    }

    private Object key(byte[] key) {
        return typed(map.spec().btf(), map.spec().keyType(), key);
    }

    private Object value(List<byte[]> copies) {
        return copies.stream()
                .map(copy -> typed(map.spec().btf(), map.spec().valueType(), copy))
                .reduce(TypedEntries::sum)
                .orElseThrow();
    }

    private static Object typed(Btf btf, int type, byte[] bytes) {
        return type == 0 ? bytes : BtfValues.read(btf, type, MemorySegment.ofArray(bytes), 0);
    }

    /** Numbers are added, member by member and element by element; of anything else the first stays. */
    private static Object sum(Object a, Object b) {
        return switch (a) {
            case Long x when b instanceof Long y -> x + y;
            case BigInteger x when b instanceof Long y -> x.add(BigInteger.valueOf(y));
            case Long x when b instanceof BigInteger y -> y.add(BigInteger.valueOf(x));
            case BigInteger x when b instanceof BigInteger y -> x.add(y);
            case Map<?, ?> x
            when b instanceof Map<?, ?> y -> {
                var members = new LinkedHashMap<Object, Object>();
                x.forEach((name, member) -> members.put(name, sum(member, y.get(name))));
                yield members;
            }
            case List<?> x
            when b instanceof List<?> y -> {
                var elements = new ArrayList<Object>();
                for (int i = 0; i < x.size(); i++) {
                    elements.add(sum(x.get(i), y.get(i)));
                }
                yield elements;
            }
            case null, default -> a;
        };
    }
}

package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.OpaqueMembers;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BiConsumer;

/**
 * ARRAY_OF_MAPS and HASH_OF_MAPS: codelets look inner maps up without locks, the host puts and removes them, one
 * operation at a time. A run that holds an inner map keeps it, also when it was removed meanwhile.
 *
 * <p>All inner maps have the shape that the specification declares: type, sizes and flags, of an array also the number of
 * entries, because programs are verified against it. An array or hash of place holders knows the keys; the inner map of a
 * key is in the same place of {@link #inners}. A place is emptied before its key's entry can be used for another key.
 */
public final class BpfMapOfMaps extends BpfMap {

    private final MapSpec shape;
    /** One word for each key. */
    private final BpfMap keys;

    private final AtomicReferenceArray<BpfMap> inners;

    BpfMapOfMaps(MapSpec spec) {
        super(spec);
        if (spec.valueSize() != 4) {
            throw Sizes.wrong(spec, "value_size=" + spec.valueSize(), "4, a " + spec.type() + " holds maps");
        }
        shape = spec.inner()
                .orElseThrow(() -> new IllegalArgumentException("map `" + spec.name()
                        + "`: nothing says what its inner maps look like, declare one with __array(values, ...)"));
        keys = spec.type() == MapType.ARRAY_OF_MAPS ? new BpfArray(spec, 1) : new BpfHash(spec, 1, false);
        inners = new AtomicReferenceArray<>((int) (keys.values().byteSize() / keys.stride()));
    }

    // ---- codelet side ----

    /** The inner map of a key, or null: what a codelet's lookup gives. The caller is inside an {@link Epoch} reader. */
    public BpfMap innerOrNull(MemorySegment key, long keyOffset) {
        long offset = keys.lookup(key, keyOffset, 0);
        return offset < 0 ? null : inners.get(place(offset));
    }

    @Override
    public boolean reclaims() {
        return true;
    }

    private int place(long offset) {
        return (int) (offset / keys.stride());
    }

    // ---- host side ----

    /** What each inner map looks like. */
    public MapSpec shape() {
        return shape;
    }

    /**
     * Puts a map in the place of a key; what was there is removed.
     *
     * @return 0, or {@link Errno#E2BIG} when there is no room or no such place, {@link Errno#ENOMEM} as for a hash
     * @throws IllegalArgumentException when the map has another shape
     */
    public synchronized long put(byte[] key, BpfMap inner) {
        checkShape(inner.spec());
        var memory = checkedKey(key);
        var reader = Epoch.pin();
        try {
            long offset = keys.lookup(memory, 0, 0);
            long result = offset >= 0 ? 0 : keys.update(memory, 0, MemorySegment.ofArray(new byte[4]), 0, ANY, 0);
            if (result == 0) {
                inners.set(place(offset >= 0 ? offset : keys.lookup(memory, 0, 0)), inner);
            }
            return result;
        } finally {
            Epoch.unpin(reader);
        }
    }

    /** Empties the place of a key: 0, or {@link Errno#ENOENT} when no map is there. */
    public synchronized long remove(byte[] key) {
        var memory = checkedKey(key);
        var reader = Epoch.pin();
        try {
            long offset = keys.lookup(memory, 0, 0);
            if (offset < 0 || inners.getAndSet(place(offset), null) == null) {
                return Errno.ENOENT;
            }
            if (spec().type() == MapType.HASH_OF_MAPS) {
                keys.delete(memory, 0);
            }
            return 0;
        } finally {
            Epoch.unpin(reader);
        }
    }

    /** The inner map of a key. */
    public Optional<BpfMap> inner(byte[] key) {
        var memory = checkedKey(key);
        var reader = Epoch.pin();
        try {
            return Optional.ofNullable(innerOrNull(memory, 0));
        } finally {
            Epoch.unpin(reader);
        }
    }

    /** Visits each key that has an inner map; what comes or goes meanwhile may be visited or not. */
    public void forEachInner(BiConsumer<byte[], BpfMap> visitor) {
        keys.forEach((key, _) -> inner(key).ifPresent(inner -> visitor.accept(key, inner)));
    }

    /** The inner map's place holder is not shown: see {@link #inner}. */
    @Override
    public List<byte[]> getPerSlot(byte[] key) {
        checkedKey(key);
        return List.of();
    }

    /** How many inner maps there are. */
    @Override
    public long size() {
        var found = new ArrayList<BpfMap>();
        forEachInner((_, inner) -> found.add(inner));
        return found.size();
    }

    private void checkShape(MapSpec given) {
        boolean counted = given.type() == MapType.ARRAY || given.type() == MapType.PERCPU_ARRAY;
        if (given.type() != shape.type()
                || given.keySize() != shape.keySize()
                || given.valueSize() != shape.valueSize()
                || given.flags() != shape.flags()
                || given.frozen() != shape.frozen()
                || !OpaqueMembers.of(given).equals(OpaqueMembers.of(shape))
                || (counted && given.maxEntries() != shape.maxEntries())) {
            throw new IllegalArgumentException("map `" + spec().name() + "`: inner map `" + given.name() + "` is "
                    + described(given) + ", needed is " + described(shape));
        }
    }

    private static String described(MapSpec map) {
        return map.type() + " with key_size=" + map.keySize() + ", value_size=" + map.valueSize() + ", max_entries="
                + map.maxEntries() + ", map_flags=" + map.flags() + (map.frozen() ? ", frozen" : "")
                + OpaqueMembers.of(map).described();
    }
}

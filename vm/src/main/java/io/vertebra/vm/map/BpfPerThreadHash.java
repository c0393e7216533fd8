package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * JBPF_PER_THREAD_HASHMAP: a hash map of {@code max_entries} keys for each execution slot, with the guarantees of {@link
 * BpfHash}. What one slot stores, deletes and clears, no other slot sees.
 *
 * <p>All lie in one table, whose keys begin with the slot. The host sees the union: a key's values are those of all
 * slots, zeros where a slot does not have it; it deletes a key from all slots; the size is that of the fullest slot.
 */
public final class BpfPerThreadHash extends BpfHash {

    private final int slots;

    /** How many keys each slot has; changes under the table's lock. */
    private final AtomicIntegerArray counts;

    BpfPerThreadHash(MapSpec spec, int slots) {
        super(spec, 1, false, (long) spec.maxEntries() * slots, 1);
        this.slots = slots;
        counts = new AtomicIntegerArray(slots);
    }

    /** Bytes of memory, all parts counted; sizes must be positive. */
    static double bytes(MapSpec spec, int slots) {
        return BpfHash.bytes(spec, 1, (long) spec.maxEntries() * slots, 1);
    }

    @Override
    public int copies() {
        return slots;
    }

    @Override
    public long lookup(MemorySegment key, long keyOffset, int slot) {
        int entry = find(key, keyOffset, Objects.checkIndex(slot, slots));
        return entry < 0 ? NOT_FOUND : valueOffset(entry, slot);
    }

    /** Removes a key from all slots. */
    @Override
    public long delete(MemorySegment key, long keyOffset) {
        long result = Errno.ENOENT;
        for (int slot = 0; slot < slots; slot++) {
            result = delete(key, keyOffset, slot) == 0 ? 0 : result;
        }
        return result;
    }

    @Override
    public boolean sees(int slot, int entry) {
        return firstKeyWord(entry) == slot;
    }

    // ---- host side ----

    @Override
    public List<byte[]> getPerSlot(byte[] key) {
        var memory = checkedKey(key);
        var reader = Epoch.pin();
        try {
            return firstSlotWith(memory) < 0 ? List.of() : values(memory);
        } finally {
            Epoch.unpin(reader);
        }
    }

    private int firstSlotWith(MemorySegment key) {
        int slot = 0;
        while (slot < slots && find(key, 0, slot) < 0) {
            slot++;
        }
        return slot < slots ? slot : -1;
    }

    private List<byte[]> values(MemorySegment key) {
        var values = new ArrayList<byte[]>(slots);
        for (int slot = 0; slot < slots; slot++) {
            long offset = lookup(key, 0, slot);
            values.add(offset < 0 ? new byte[spec().valueSize()] : readValue(offset));
        }
        return values;
    }

    @Override
    public void forEach(Visitor visitor) {
        var reader = Epoch.pin();
        try {
            for (int entry = nextEntry(-1); entry >= 0; entry = nextEntry(entry)) {
                var key = new byte[spec().keySize()];
                var memory = MemorySegment.ofArray(key);
                copyKey(entry, memory, 0);
                if (sees(firstSlotWith(memory), entry)) {
                    visitor.entry(key, values(memory));
                }
            }
        } finally {
            Epoch.unpin(reader);
        }
    }

    @Override
    public long size() {
        int most = 0;
        for (int slot = 0; slot < slots; slot++) {
            most = Math.max(most, counts.get(slot));
        }
        return most;
    }

    // ---- the table ----

    @Override
    long keyWord(MemorySegment key, long keyOffset, int index, int slot) {
        return index == 0 ? slot : super.keyWord(key, keyOffset, index - 1, slot);
    }

    @Override
    int variantOf(MemorySegment key, long keyOffset, int slot) {
        return slot;
    }

    @Override
    boolean isFull(long slot) {
        return counts.get((int) slot) >= spec().maxEntries();
    }

    @Override
    void counted(long slot, int change) {
        counts.addAndGet((int) slot, change);
    }
}

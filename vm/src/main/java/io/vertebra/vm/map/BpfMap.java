package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.OpaqueMembers;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/**
 * A live map. Any thread may call the host side while codelets use the map; each subclass states what concurrent
 * codelets see.
 *
 * <p>The codelet side works on checked memory of a run and gives offsets into {@link #values}; it allocates nothing. Its
 * callers are inside an {@link Epoch} reader. A map type that has no such operation answers {@link Errno#EINVAL}, or -1
 * for lookups: what Linux refuses when it verifies stays harmless here when it was not verified.
 */
public abstract sealed class BpfMap
        permits BpfArray,
                BpfHash,
                BpfQueue,
                BpfRingBuffer,
                BpfUserRingBuffer,
                BpfOutput,
                BpfBloomFilter,
                BpfProgramArray,
                BpfPerfEventArray,
                BpfStackTrace,
                BpfMapOfMaps {

    /** Update flag: create or replace. */
    public static final long ANY = 0;
    /** Update flag: only create. */
    public static final long NOEXIST = 1;
    /** Update flag: only replace; on push, make room by dropping the oldest. */
    public static final long EXIST = 2;
    /** Update flag {@code BPF_F_LOCK}: copy while holding the value's lock. */
    public static final long LOCK = 4;

    /** What a lookup gives for a missing key. */
    public static final long NOT_FOUND = -1;

    /** Map flag {@code BPF_F_RDONLY_PROG}: codelets may only read. */
    static final int READ_ONLY_FOR_CODELETS = 1 << 7;

    private static final long[] NOTHING = new long[0];

    private final MapSpec spec;
    private final OpaqueMembers opaque;
    private final MapTimers timers;

    BpfMap(MapSpec spec) {
        this.spec = spec;
        opaque = OpaqueMembers.of(spec);
        timers = new MapTimers(this);
    }

    /**
     * Makes the map that a specification describes.
     *
     * @param slots how many copies of each value a per-CPU type has: one per core and inline slot, at least 1
     * @throws IllegalArgumentException when sizes or type do not fit; says what is allowed
     */
    public static BpfMap create(MapSpec spec, int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("map `" + spec.name() + "`: slots=" + slots + ", at least 1 is needed");
        }
        return switch (spec.type()) {
            case ARRAY -> new BpfArray(spec, 1);
            case PERCPU_ARRAY -> new BpfArray(spec, slots);
            case HASH -> new BpfHash(spec, 1, false);
            case PERCPU_HASH -> new BpfHash(spec, slots, false);
            case JBPF_PER_THREAD_HASHMAP -> new BpfPerThreadHash(spec, slots);
            case LRU_HASH -> new BpfHash(spec, 1, true);
            case LRU_PERCPU_HASH -> new BpfHash(spec, slots, true);
            case QUEUE, STACK, JBPF_CONTROL_INPUT -> new BpfQueue(spec);
            case RINGBUF -> new BpfRingBuffer(spec);
            case USER_RINGBUF -> new BpfUserRingBuffer(spec);
            case JBPF_RINGBUF -> new BpfOutput(spec, 0);
            case JBPF_OUTPUT -> new BpfOutput(spec, slots);
            case LPM_TRIE -> new BpfLpmTrie(spec);
            case BLOOM_FILTER -> new BpfBloomFilter(spec);
            case PROG_ARRAY -> new BpfProgramArray(spec);
            case PERF_EVENT_ARRAY -> new BpfPerfEventArray(spec, slots);
            case STACK_TRACE -> new BpfStackTrace(spec);
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> new BpfMapOfMaps(spec);
            case CGROUP_ARRAY,
                    DEVMAP,
                    SOCKMAP,
                    CPUMAP,
                    XSKMAP,
                    SOCKHASH,
                    CGROUP_STORAGE,
                    REUSEPORT_SOCKARRAY,
                    PERCPU_CGROUP_STORAGE,
                    SK_STORAGE,
                    DEVMAP_HASH,
                    STRUCT_OPS,
                    INODE_STORAGE,
                    TASK_STORAGE,
                    CGRP_STORAGE,
                    ARENA ->
                throw new IllegalArgumentException(
                        "map `" + spec.name() + "`: type " + spec.type() + " is not supported");
        };
    }

    /**
     * How many bytes the map that a specification describes would take, all parts counted; at most 2^60.
     *
     * @param slots as for {@link #create}
     */
    public static long memoryBytes(MapSpec spec, int slots) {
        return MapMemory.bytes(spec, slots);
    }

    /** How many bytes the map takes. */
    public long memoryBytes() {
        return MapMemory.bytes(spec, copies());
    }

    /** What the map was made from. */
    public final MapSpec spec() {
        return spec;
    }

    /** The members of its values that no copy changes: a lock, a timer. */
    public final OpaqueMembers opaque() {
        return opaque;
    }

    /** The timers in its values; none if they have no such member. */
    public final MapTimers timers() {
        return timers;
    }

    // ---- codelet side ----

    /** The memory that value pointers lead into; empty for a map whose values have no address. Always the same segment. */
    public MemorySegment values() {
        return MemorySegment.ofArray(NOTHING);
    }

    /** Bytes from the start of one value in {@link #values} to the next, a multiple of 8; 0 without addressable values. */
    public long stride() {
        return 0;
    }

    /** How many copies of each value there are: more than 1 only for per-CPU types. */
    public int copies() {
        return 1;
    }

    /** Whether values are reused for other keys, so that runs must be inside an {@link Epoch} reader. */
    public boolean reclaims() {
        return false;
    }

    /** Whether codelets may change values. */
    public final boolean writable() {
        return !spec.frozen() && (spec.flags() & READ_ONLY_FOR_CODELETS) == 0;
    }

    /**
     * The offset of a key's value in {@link #values}, or {@link #NOT_FOUND}.
     *
     * @param slot the copy of a per-CPU map; ignored otherwise
     */
    public long lookup(MemorySegment key, long keyOffset, int slot) {
        return NOT_FOUND;
    }

    /** Stores a value of {@code valueSize} bytes, for a per-CPU map into one copy; 0 or an {@link Errno}. */
    public long update(MemorySegment key, long keyOffset, MemorySegment value, long valueOffset, long flags, int slot) {
        return Errno.EINVAL;
    }

    /** Removes a key; 0 or an {@link Errno}. */
    public long delete(MemorySegment key, long keyOffset) {
        return Errno.EINVAL;
    }

    /** Removes a key from what a slot sees: from one copy, where the copies have keys of their own, else from the map. */
    public long delete(MemorySegment key, long keyOffset, int slot) {
        return delete(key, keyOffset);
    }

    /** Whether a slot sees an entry; false only where the copies have keys of their own. */
    public boolean sees(int slot, int entry) {
        return true;
    }

    /** The first entry with a number greater than {@code entry} (-1 to begin), or -1: what iteration walks through. */
    public int nextEntry(int entry) {
        return -1;
    }

    /** Copies the key of an entry from {@link #nextEntry}: {@code keySize} bytes. */
    public void copyKey(int entry, MemorySegment to, long offset) {
        throw new IllegalStateException(
                "map `" + spec.name() + "`: a " + spec.type() + " has no entries to walk through");
    }

    /** The offset in {@link #values} of an entry's value. */
    public long valueOffset(int entry, int slot) {
        return NOT_FOUND;
    }

    // ---- host side ----

    /**
     * A copy of a key's value.
     *
     * @throws IllegalArgumentException when the key's length is wrong, or the map is per CPU: see {@link #getPerSlot}
     */
    public final Optional<byte[]> get(byte[] key) {
        if (copies() > 1) {
            throw new IllegalArgumentException(
                    "map `" + spec.name() + "`: a per-CPU map has " + copies() + " values per key, read them per slot");
        }
        var values = getPerSlot(key);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
    }

    /**
     * A copy of a key's values, one per slot for per-CPU types, else one; empty when the key is missing. Each aligned
     * 8-byte word is read whole.
     */
    public List<byte[]> getPerSlot(byte[] key) {
        var memory = checkedKey(key);
        var reader = Epoch.pin();
        try {
            long offset = lookup(memory, 0, 0);
            return offset < 0 ? List.of() : copiesAt(offset);
        } finally {
            Epoch.unpin(reader);
        }
    }

    /**
     * Stores a value. In a per-CPU map slot 0 gets it and the others get zeros, so that the sum over slots is what was
     * stored. A value with a lock is stored while holding it.
     *
     * @return 0 or an {@link Errno}; {@link Errno#EPERM} for a frozen map
     */
    public final long update(byte[] key, byte[] value, long flags) {
        var keyMemory = checkedKey(key);
        if (value.length != spec.valueSize()) {
            throw new IllegalArgumentException(
                    "map `" + spec.name() + "`: value of " + value.length + " bytes, value_size=" + spec.valueSize());
        }
        if (spec.frozen()) {
            return Errno.EPERM;
        }
        var zeros = MemorySegment.ofArray(new byte[value.length]);
        var reader = Epoch.pin();
        try {
            long how = opaque.hasLock() ? flags | LOCK : flags;
            long result = update(keyMemory, 0, MemorySegment.ofArray(value), 0, how, 0);
            for (int slot = 1; slot < copies() && result == 0; slot++) {
                result = update(keyMemory, 0, zeros, 0, ANY, slot);
            }
            return result;
        } finally {
            Epoch.unpin(reader);
        }
    }

    /** Removes a key; 0 or an {@link Errno}. */
    public final long delete(byte[] key) {
        return spec.frozen() ? Errno.EPERM : delete(checkedKey(key), 0);
    }

    /** Receives copies of a key and its values, one per slot for per-CPU types. */
    @FunctionalInterface
    public interface Visitor {
        /** One entry; the arrays are the visitor's own. */
        void entry(byte[] key, List<byte[]> values);
    }

    /**
     * Visits each entry. What is there during the whole visit is visited once; what comes or goes meanwhile may be
     * visited or not.
     */
    public void forEach(Visitor visitor) {
        var reader = Epoch.pin();
        try {
            for (int entry = nextEntry(-1); entry >= 0; entry = nextEntry(entry)) {
                var key = new byte[spec.keySize()];
                copyKey(entry, MemorySegment.ofArray(key), 0);
                visitor.entry(key, copiesAt(valueOffset(entry, 0)));
            }
        } finally {
            Epoch.unpin(reader);
        }
    }

    /** How many entries there are; of an array, its capacity. */
    public abstract long size();

    // ---- for subclasses ----

    /** Copies the values of all slots; {@code offset} is the one of slot 0. */
    List<byte[]> copiesAt(long offset) {
        return List.of(readValue(offset));
    }

    /** A copy of the value at an offset, made while holding its lock if it has one; opaque members are 0. */
    final byte[] readValue(long offset) {
        if (opaque.isEmpty()) {
            return Words.read(values(), offset, spec.valueSize());
        }
        var copy = new byte[spec.valueSize()];
        lock(offset);
        try {
            opaque.copyRest(values(), offset, MemorySegment.ofArray(copy), 0, copy.length);
        } finally {
            unlock(offset);
        }
        return copy;
    }

    /** Copies a value to an offset, except its opaque members: a lock stays as it is, a timer ends. */
    final void writeValue(MemorySegment value, long valueOffset, long offset, long flags) {
        endTimer(offset);
        if ((flags & LOCK) != 0) {
            lock(offset);
        }
        try {
            opaque.copyRest(value, valueOffset, values(), offset, spec.valueSize());
        } finally {
            if ((flags & LOCK) != 0) {
                unlock(offset);
            }
        }
    }

    /** Ends the timer of a value that is deleted or overwritten. */
    final void endTimer(long offset) {
        if (opaque.hasTimer()) {
            timers.free(offset);
        }
    }

    private void lock(long offset) {
        if (opaque.hasLock()) {
            SpinLock.acquire(values(), offset + opaque.lock());
        }
    }

    private void unlock(long offset) {
        if (opaque.hasLock()) {
            SpinLock.release(values(), offset + opaque.lock());
        }
    }

    /** Whether update flags are known and fit the map. */
    final boolean validUpdateFlags(long flags) {
        long how = flags & ~LOCK;
        return how >= ANY && how <= EXIST && (how == flags || opaque.hasLock());
    }

    final MemorySegment checkedKey(byte[] key) {
        if (key.length != spec.keySize()) {
            throw new IllegalArgumentException(
                    "map `" + spec.name() + "`: key of " + key.length + " bytes, key_size=" + spec.keySize());
        }
        return MemorySegment.ofArray(key);
    }
}

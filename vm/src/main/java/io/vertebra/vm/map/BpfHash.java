package io.vertebra.vm.map;

import io.vertebra.vm.program.MapSpec;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * HASH, PERCPU_HASH, LRU_HASH and LRU_PERCPU_HASH: lookups from any thread without locks, updates and deletes one at a
 * time; a reader can see an update that is longer than 8 bytes half done.
 *
 * <p>Chains of entries, read as in read-copy-update. An entry is a key, a value (one per slot for per-CPU types) and a
 * place in its chain. Updating an existing key writes in place, at any fill. A deleted entry keeps its key, value and
 * successor until all runs that began before have ended ({@link Epoch}); the same key may come back to it meanwhile,
 * other keys take spare entries. When all spares wait, an update gives way to the runs that hold them, for some
 * milliseconds at most, and then answers {@link Errno#ENOMEM}: only a run that lasts long, or deletes and inserts more
 * new keys than there are spares by itself, can cause that.
 *
 * <p>The LRU types make room for a new key by dropping one that was not used lately: the one unused for longest among
 * some neighbours, exact for small maps, an approximation as in Linux for large ones.
 */
public sealed class BpfHash extends BpfMap permits BpfLpmTrie, BpfPerThreadHash {

    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);

    private static final int FEWEST_SPARES = 64;
    private static final int ENOUGH_SPARES = 4096;
    private static final long SPARE_BYTES = 1 << 18;

    /** How many spares there are for each key of a small map. */
    private static final int SPARES_PER_KEY = 8;

    /** What an entry takes beside key and value: its chain, hash and state, and its places in the pool. */
    private static final int ENTRY_OVERHEAD = 36;

    /** How often an update without spares tries again: at once, and then after a pause. */
    private static final int YIELDS = 100;

    private static final int PAUSES = 100;
    private static final long PAUSE_NANOS = 50_000;

    /** Among how many entries the least recently used one is dropped. */
    private static final int NEIGHBOURS = 64;

    /** What {@link #tryUpdate} gives when all spare entries wait. */
    private static final long EXHAUSTED = 1;

    private static final int DEAD = 0;
    private static final int LIVE = 1;

    private final boolean dropsOldest;
    private final int copies;
    private final long stride;
    private final long copyStride;
    private final long[] storage;
    private final MemorySegment values;
    private final int ownWords;
    private final int keyWords;
    private final long[] keys;
    private final long seed = ThreadLocalRandom.current().nextLong();

    /** Chains: entry number + 1, 0 at the end. */
    private final int[] heads;

    private final int[] next;
    private final int[] hashes;
    private final int[] state;
    /** When an entry was used last, in insertions; only for the LRU types. */
    private final int[] used;

    private final Object lock = new Object();
    // All that follows is guarded by the lock.
    private final long[] newKey;
    private final EntryPool pool;
    private final AtomicInteger live = new AtomicInteger();
    private int hand;
    private final AtomicInteger insertions = new AtomicInteger();

    BpfHash(MapSpec spec, int copies, boolean dropsOldest) {
        this(spec, copies, dropsOldest, spec.maxEntries(), 0);
    }

    /**
     * A map.
     *
     * @param capacity how many entries it may have in all
     * @param ownWords words that a subclass puts before those of a key
     */
    BpfHash(MapSpec spec, int copies, boolean dropsOldest, long capacity, int ownWords) {
        super(spec);
        Sizes.entries(spec);
        Sizes.key(spec);
        Sizes.value(spec);
        this.dropsOldest = dropsOldest;
        this.copies = copies;
        this.stride = Words.stride(spec.valueSize());
        int entries = entries(spec, copies, capacity);
        this.ownWords = ownWords;
        this.copyStride = entries * stride;
        this.storage = Words.allocate(spec, (long) entries * copies, stride);
        this.values = MemorySegment.ofArray(storage);
        this.keyWords = ownWords + (int) (Words.stride(spec.keySize()) / 8);
        this.keys = Words.allocate(spec, entries, keyWords * 8L);
        this.heads = new int[buckets(entries)];
        this.next = new int[entries];
        this.hashes = new int[entries];
        this.state = new int[entries];
        this.used = dropsOldest ? new int[entries] : new int[0];
        this.newKey = new long[keyWords];
        this.pool = new EntryPool(hashes, heads.length);
    }

    /**
     * How many entries there are with the spares: as many more as keys up to 256 KiB of them, at least eight for each key
     * of a small map, but 64 to 4,096 in all. Few keys need few spares, because a key that comes back takes none.
     */
    private static int entries(MapSpec spec, int copies, long capacity) {
        long affordable = SPARE_BYTES / Words.stride(spec.valueSize()) / copies;
        long wanted = Math.min(ENOUGH_SPARES, SPARES_PER_KEY * capacity);
        long spares = Math.max(FEWEST_SPARES, Math.min(affordable, Math.max(wanted, capacity)));
        return (int) Math.min(Integer.MAX_VALUE - 8, capacity + spares);
    }

    private static int buckets(int entries) {
        return Math.max(2, Integer.highestOneBit(Math.min(entries, 1 << 29)) << 1);
    }

    /** Bytes of memory, all parts counted; sizes must be positive. */
    static double bytes(MapSpec spec, int copies) {
        return bytes(spec, copies, spec.maxEntries(), 0);
    }

    /** The same of a map with a capacity and words of a subclass's own. */
    static double bytes(MapSpec spec, int copies, long capacity, int ownWords) {
        int entries = entries(spec, copies, capacity);
        double entry = (double) Words.stride(spec.valueSize()) * copies
                + 8.0 * ownWords
                + Words.stride(spec.keySize())
                + ENTRY_OVERHEAD;
        return entries * entry + 8.0 * buckets(entries);
    }

    @Override
    public final MemorySegment values() {
        return values;
    }

    @Override
    public final long stride() {
        return stride;
    }

    @Override
    public int copies() {
        return copies;
    }

    @Override
    public final boolean reclaims() {
        return true;
    }

    @Override
    public long lookup(MemorySegment key, long keyOffset, int slot) {
        int entry = find(key, keyOffset, 0);
        if (entry < 0) {
            return NOT_FOUND;
        }
        if (dropsOldest) {
            markUsed(entry);
        }
        return valueOffset(entry, slot);
    }

    /** Whether keys are numbers of one or two words, so that {@link #lookup(long, long, int)} finds them. */
    public final boolean hasNumericKeys() {
        return getClass() == BpfHash.class && keyWords <= 2;
    }

    /**
     * As {@link BpfMap#lookup} of a key that is given by value, little endian, its last word filled up with zeroes.
     *
     * @param high the second word; 0 when keys have up to 8 bytes
     */
    public final long lookup(long low, long high, int slot) {
        long hash = mix(seed, low);
        int entry = keyWords == 1 ? find(fold(hash), low) : find(fold(mix(hash, high)), low, high);
        if (entry < 0) {
            return NOT_FOUND;
        }
        if (dropsOldest) {
            markUsed(entry);
        }
        return valueOffset(entry, slot);
    }

    @Override
    @SuppressWarnings(
            "ThreadPriorityCheck") // Runs that hold entries may need this core to end; correctness does not depend on
    // it.
    public long update(MemorySegment key, long keyOffset, MemorySegment value, long valueOffset, long flags, int slot) {
        if (!validUpdateFlags(flags)) {
            return Errno.EINVAL;
        }
        for (int i = 0; i < YIELDS + PAUSES; i++) {
            long result = tryUpdate(key, keyOffset, value, valueOffset, flags, slot);
            if (result != EXHAUSTED) {
                return result;
            }
            if (i < YIELDS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        return Errno.ENOMEM;
    }

    private long tryUpdate(
            MemorySegment key, long keyOffset, MemorySegment value, long valueOffset, long flags, int slot) {
        synchronized (lock) {
            int hash = takeKey(key, keyOffset, slot);
            int entry = findNewKey(hash);
            if (entry >= 0) {
                if ((flags & ~LOCK) == NOEXIST) {
                    return Errno.EEXIST;
                }
                if (dropsOldest) {
                    markUsed(entry);
                }
                writeValue(value, valueOffset, valueOffset(entry, slot), flags);
                return 0;
            }
            if ((flags & ~LOCK) == EXIST) {
                return Errno.ENOENT;
            }
            boolean full = isFull(newKey[0]);
            if (full && !dropsOldest) {
                return whenFull();
            }
            entry = takeEntry(hash);
            if (entry < 0) {
                return EXHAUSTED;
            }
            if (full) {
                dropOldest();
            }
            // Not the copy that is written anyway: a run may still hold it from when its key was here before.
            for (int copy = 0; copy < copies && copies > 1; copy++) {
                if (copy != slot) {
                    int at = (int) (valueOffset(entry, copy) / 8);
                    Arrays.fill(storage, at, at + (int) (stride / 8), 0);
                }
            }
            writeValue(value, valueOffset, valueOffset(entry, slot), flags);
            link(entry, hash);
            return 0;
        }
    }

    @Override
    public long delete(MemorySegment key, long keyOffset) {
        return delete(key, keyOffset, 0);
    }

    @Override
    public long delete(MemorySegment key, long keyOffset, int slot) {
        synchronized (lock) {
            int hash = takeKey(key, keyOffset, slot);
            int entry = findNewKey(hash);
            if (entry < 0) {
                return Errno.ENOENT;
            }
            unlink(entry);
            return 0;
        }
    }

    @Override
    public final int nextEntry(int entry) {
        for (int e = entry + 1; e < state.length; e++) {
            if ((int) INTS.getAcquire(state, e) == LIVE) {
                return e;
            }
        }
        return -1;
    }

    @Override
    public final void copyKey(int entry, MemorySegment to, long offset) {
        MemorySegment.copy(
                MemorySegment.ofArray(keys), 8L * entry * keyWords + 8L * ownWords, to, offset, spec().keySize());
    }

    @Override
    public final long valueOffset(int entry, int slot) {
        return copies == 1 ? entry * stride : Objects.checkIndex(slot, copies) * copyStride + entry * stride;
    }

    @Override
    List<byte[]> copiesAt(long offset) {
        var all = new ArrayList<byte[]>(copies);
        for (int slot = 0; slot < copies; slot++) {
            all.add(readValue(offset + slot * copyStride));
        }
        return all;
    }

    @Override
    public long size() {
        return live.get();
    }

    // ---- what a trie and a map of each thread do otherwise ----

    /** Word {@code index} of a key as it is hashed and compared; {@code variant} is a prefix length, or a slot. */
    long keyWord(MemorySegment key, long keyOffset, int index, int variant) {
        return Words.word(key, keyOffset, spec().keySize(), index);
    }

    /** The variant under which a key is stored. */
    int variantOf(MemorySegment key, long keyOffset, int slot) {
        return 0;
    }

    /** Whether there is no room for a new key. */
    boolean isFull(long firstKeyWord) {
        return live.get() >= spec().maxEntries();
    }

    /** The first word of an entry's key. */
    final long firstKeyWord(int entry) {
        return keys[entry * keyWords];
    }

    /** The result of an update that finds no room. */
    long whenFull() {
        return Errno.E2BIG;
    }

    /** Called under the lock before an entry appears (+1) and after it disappeared (-1). */
    void counted(long firstKeyWord, int change) {}

    // ---- chains ----

    /** The entry of a key, or -1. Without lock; the caller is inside an epoch reader. */
    final int find(MemorySegment key, long keyOffset, int variant) {
        long hash = seed;
        for (int i = 0; i < keyWords; i++) {
            hash = mix(hash, keyWord(key, keyOffset, i, variant));
        }
        int folded = fold(hash);
        int entry = (int) INTS.getAcquire(heads, folded & (heads.length - 1));
        while (entry != 0) {
            if (hashes[entry - 1] == folded && equal(entry - 1, key, keyOffset, variant)) {
                return entry - 1;
            }
            entry = (int) INTS.getAcquire(next, entry - 1);
        }
        return -1;
    }

    private int find(int hash, long key) {
        int entry = (int) INTS.getAcquire(heads, hash & (heads.length - 1));
        while (entry != 0 && keys[entry - 1] != key) {
            entry = (int) INTS.getAcquire(next, entry - 1);
        }
        return entry - 1;
    }

    private int find(int hash, long low, long high) {
        int entry = (int) INTS.getAcquire(heads, hash & (heads.length - 1));
        while (entry != 0 && (keys[2 * entry - 2] != low || keys[2 * entry - 1] != high)) {
            entry = (int) INTS.getAcquire(next, entry - 1);
        }
        return entry - 1;
    }

    private boolean equal(int entry, MemorySegment key, long keyOffset, int variant) {
        for (int i = 0; i < keyWords; i++) {
            if (keys[entry * keyWords + i] != keyWord(key, keyOffset, i, variant)) {
                return false;
            }
        }
        return true;
    }

    /** Copies a key once, so that a codelet that changes it meanwhile cannot break a chain; gives its hash. */
    private int takeKey(MemorySegment key, long keyOffset, int slot) {
        int variant = variantOf(key, keyOffset, slot);
        long hash = seed;
        for (int i = 0; i < keyWords; i++) {
            newKey[i] = keyWord(key, keyOffset, i, variant);
            hash = mix(hash, newKey[i]);
        }
        return fold(hash);
    }

    private int findNewKey(int hash) {
        int entry = heads[hash & (heads.length - 1)];
        while (entry != 0) {
            if (isNewKey(entry - 1, hash)) {
                return entry - 1;
            }
            entry = next[entry - 1];
        }
        return -1;
    }

    private boolean isNewKey(int entry, int hash) {
        int at = entry * keyWords;
        return hashes[entry] == hash && Arrays.equals(keys, at, at + keyWords, newKey, 0, keyWords);
    }

    /** The new key's former entry if it still waits, else a free one, else -1. */
    private int takeEntry(int hash) {
        int entry = pool.firstWaiting(hash);
        while (entry >= 0 && !isNewKey(entry, hash)) {
            entry = pool.nextWaiting(entry);
        }
        if (entry < 0) {
            return pool.take();
        }
        pool.revive(entry);
        return entry;
    }

    /**
     * Puts an entry at the head of its chain. A reader that still stands on a revived entry goes on through the whole
     * chain and misses nothing.
     */
    private void link(int entry, int hash) {
        System.arraycopy(newKey, 0, keys, entry * keyWords, keyWords);
        hashes[entry] = hash;
        int bucket = hash & (heads.length - 1);
        INTS.setOpaque(next, entry, heads[bucket]);
        counted(newKey[0], 1);
        INTS.setRelease(heads, bucket, entry + 1);
        INTS.setRelease(state, entry, LIVE);
        live.incrementAndGet();
        if (dropsOldest) {
            used[entry] = insertions.incrementAndGet();
        }
    }

    /** Takes an entry out of its chain; its own successor stays for readers that stand on it. */
    private void unlink(int entry) {
        int bucket = hashes[entry] & (heads.length - 1);
        if (heads[bucket] == entry + 1) {
            INTS.setRelease(heads, bucket, next[entry]);
        } else {
            int previous = heads[bucket] - 1;
            while (next[previous] != entry + 1) {
                previous = next[previous] - 1;
            }
            INTS.setRelease(next, previous, next[entry]);
        }
        INTS.setRelease(state, entry, DEAD);
        endTimer(entry * stride);
        counted(keys[entry * keyWords], -1);
        live.decrementAndGet();
        pool.giveBack(entry);
    }

    private void markUsed(int entry) {
        int now = insertions.get();
        if ((int) INTS.getOpaque(used, entry) != now) {
            INTS.setOpaque(used, entry, now);
        }
    }

    private void dropOldest() {
        int oldest = -1;
        int oldestAge = -1;
        int seen = 0;
        for (int i = 0; i < state.length && seen < NEIGHBOURS; i++) {
            int entry = hand;
            hand = hand + 1 == state.length ? 0 : hand + 1;
            if (state[entry] == LIVE) {
                seen++;
                int age = insertions.get() - (int) INTS.getOpaque(used, entry);
                if (age > oldestAge) {
                    oldest = entry;
                    oldestAge = age;
                }
            }
        }
        unlink(oldest);
    }

    private static long mix(long hash, long word) {
        long h = (hash ^ word) * 0x9E3779B97F4A7C15L;
        return h ^ (h >>> 29);
    }

    private static int fold(long hash) {
        long h = hash * 0xBF58476D1CE4E5B9L;
        return (int) (h >>> 32);
    }
}

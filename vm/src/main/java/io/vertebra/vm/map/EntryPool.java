package io.vertebra.vm.map;

/**
 * The entries of a map that hold no key: free ones, and deleted ones that wait for the runs that may still use them. A
 * waiting entry can be revived for the key that it had, because for that key it never has to wait. Guarded by the map's
 * lock.
 */
final class EntryPool {

    private static final int REVIVED = -1;

    private final int[] free;
    private int freeCount;

    /** A queue, oldest first, of waiting entries and of the stamps they were given back with. */
    private final int[] waiting;

    private final long[] stamps;
    private int first;
    private int waitingCount;

    /** The waiting entries by hash: chains of entry number + 1, 0 at the end; and the place of each in the queue. */
    private final int[] heads;

    private final int[] next;
    private final int[] place;
    private final int[] hashes;

    /**
     * All entries free.
     *
     * @param hashes by entry, kept by the map
     * @param buckets how many chains there are, a power of two
     */
    EntryPool(int[] hashes, int buckets) {
        int entries = hashes.length;
        this.hashes = hashes;
        free = new int[entries];
        waiting = new int[entries];
        stamps = new long[entries];
        heads = new int[buckets];
        next = new int[entries];
        place = new int[entries];
        for (int i = 0; i < entries; i++) {
            free[i] = entries - 1 - i;
        }
        freeCount = entries;
    }

    /** A free entry, or -1 when all that is left waits. */
    int take() {
        if (freeCount == 0) {
            reclaim();
        }
        return freeCount == 0 ? -1 : free[--freeCount];
    }

    /** An entry that was unlinked just now. */
    void giveBack(int entry) {
        if (waitingCount == waiting.length) {
            skipRevived();
        }
        int last = wrapped(first + waitingCount++);
        waiting[last] = entry;
        stamps[last] = Epoch.stamp();
        place[entry] = last;
        int bucket = hashes[entry] & (heads.length - 1);
        next[entry] = heads[bucket];
        heads[bucket] = entry + 1;
    }

    /** The first waiting entry of a hash's chain, or -1; entries of other hashes are among them. */
    int firstWaiting(int hash) {
        return heads[hash & (heads.length - 1)] - 1;
    }

    /** The waiting entry after another in its chain, or -1. */
    int nextWaiting(int entry) {
        return next[entry] - 1;
    }

    /** Takes a waiting entry out, to be used for its own key again. */
    void revive(int entry) {
        waiting[place[entry]] = REVIVED;
        unchain(entry);
    }

    private void reclaim() {
        if (waitingCount == 0) {
            return;
        }
        long oldest = Epoch.oldest();
        while (waitingCount > 0 && stamps[first] < oldest) {
            int entry = waiting[first];
            if (entry != REVIVED) {
                unchain(entry);
                free[freeCount++] = entry;
            }
            first = wrapped(first + 1);
            waitingCount--;
        }
    }

    /** Closes the gaps that revived entries left: there are some, because each waiting entry is in the queue once. */
    private void skipRevived() {
        int kept = 0;
        for (int i = 0; i < waitingCount; i++) {
            int from = wrapped(first + i);
            if (waiting[from] != REVIVED) {
                int to = wrapped(first + kept++);
                waiting[to] = waiting[from];
                stamps[to] = stamps[from];
                place[waiting[to]] = to;
            }
        }
        waitingCount = kept;
    }

    private void unchain(int entry) {
        int bucket = hashes[entry] & (heads.length - 1);
        if (heads[bucket] == entry + 1) {
            heads[bucket] = next[entry];
            return;
        }
        int previous = heads[bucket] - 1;
        while (next[previous] != entry + 1) {
            previous = next[previous] - 1;
        }
        next[previous] = next[entry];
    }

    private int wrapped(int index) {
        // Unsigned: the sum of two indices may exceed the largest int.
        return Integer.compareUnsigned(index, waiting.length) < 0 ? index : index - waiting.length;
    }
}

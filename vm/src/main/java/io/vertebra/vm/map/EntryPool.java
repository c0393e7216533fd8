package io.vertebra.vm.map;

/**
 * The entries of a map that hold no key: free ones, and ones that wait for the runs that may still use them. Guarded by
 * the map's lock.
 */
final class EntryPool {

    private final int[] free;
    private int freeCount;

    /** A queue, oldest first, of waiting entries and of the stamps they were given back with. */
    private final int[] waiting;

    private final long[] stamps;
    private int first;
    private int waitingCount;

    EntryPool(int entries) {
        free = new int[entries];
        waiting = new int[entries];
        stamps = new long[entries];
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
        int last = first + waitingCount++;
        if (last >= waiting.length) {
            last -= waiting.length;
        }
        waiting[last] = entry;
        stamps[last] = Epoch.stamp();
    }

    private void reclaim() {
        if (waitingCount == 0) {
            return;
        }
        long oldest = Epoch.oldest();
        while (waitingCount > 0 && stamps[first] < oldest) {
            free[freeCount++] = waiting[first];
            first = first + 1 == waiting.length ? 0 : first + 1;
            waitingCount--;
        }
    }
}

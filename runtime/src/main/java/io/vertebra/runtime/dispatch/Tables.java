package io.vertebra.runtime.dispatch;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The queued tables by the id in their events' records: current ones, and closed ones whose events have not all been
 * handled. An id is used again only after its table was removed. Read by any thread, changed under the dispatcher's
 * lock.
 */
final class Tables {

    private volatile QueuedTable[] byId = new QueuedTable[8]; // 0 stays free: a ring's filler has that type

    /** The table with an id, which an event in a ring names. */
    QueuedTable get(int id) {
        return byId[id];
    }

    /** Makes a table under a free id. */
    QueuedTable add(IntFunction<QueuedTable> make) {
        int id = 1;
        while (id < byId.length && byId[id] != null) {
            id++;
        }
        var next = Arrays.copyOf(byId, Math.max(byId.length, Integer.highestOneBit(id) << 1));
        var table = make.apply(id);
        next[id] = table;
        byId = next;
        return table;
    }

    void remove(QueuedTable table) {
        var next = byId.clone();
        next[table.id()] = null;
        byId = next;
    }

    /** A snapshot; index is the id. */
    QueuedTable[] all() {
        return byId;
    }
}

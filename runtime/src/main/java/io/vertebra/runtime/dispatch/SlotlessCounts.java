package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.firing.ThreadCells;
import java.util.ArrayList;
import java.util.List;

/**
 * What an attachment's runs without a slot add up to, over the tables that it is or was in. Immutable; the tables' cells
 * go on counting.
 *
 * @param tables those that are not forgotten
 * @param offered events of forgotten tables
 * @param ok runs of forgotten tables that ended normally
 * @param failed runs of forgotten tables that threw
 */
record SlotlessCounts(List<Share> tables, long offered, long ok, long failed) {

    static final SlotlessCounts NONE = new SlotlessCounts(List.of(), 0, 0, 0);

    /** An attachment's place in a table. */
    record Share(ThreadCells cells, int codelet) {

        /** Events that have been through all codelets of the table. */
        private long done() {
            int last = cells.failures.length - 1;
            return cells.sum(ThreadCells.ok(last)) + cells.sum(ThreadCells.failed(last));
        }

        private long ok() {
            return cells.sum(ThreadCells.ok(codelet));
        }

        private long failed() {
            return cells.sum(ThreadCells.failed(codelet));
        }
    }

    SlotlessCounts with(Share table) {
        var next = new ArrayList<>(tables);
        next.add(table);
        return new SlotlessCounts(List.copyOf(next), offered, ok, failed);
    }

    /** Keeps the counts of a table, which are final, in place of the table. */
    SlotlessCounts forget(Share table) {
        var next = tables.stream().filter(t -> !t.equals(table)).toList();
        // A thread that comes too late may be about to take back what it has counted as offered.
        return new SlotlessCounts(next, offered + table.done(), ok + table.ok(), failed + table.failed());
    }

    long allOffered() {
        return offered
                + tables.stream()
                        .mapToLong(t -> t.cells().sum(ThreadCells.OFFERED))
                        .sum();
    }

    long allOk() {
        return ok + tables.stream().mapToLong(Share::ok).sum();
    }

    long allFailed() {
        return failed + tables.stream().mapToLong(Share::failed).sum();
    }
}

package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.firing.ThreadCells;
import java.util.ArrayList;
import java.util.List;

/**
 * Tables that hooks lead to no more, until their last events are handled: then their counts go over to the attachments.
 * Guarded by the dispatcher's lock.
 */
final class RetiredTables {

    private final Tables tables;
    private final List<QueuedTable> queued = new ArrayList<>();
    private final List<InlineTable> inline = new ArrayList<>();

    /**
     * None yet.
     *
     * @param tables where queued ones are found by the records in the rings
     */
    RetiredTables(Tables tables) {
        this.tables = tables;
    }

    /** Sends threads that still reach a hook's former tables, which may be null, to its present ones. */
    void add(QueuedTable formerQueued, InlineTable formerInline, HookSwitch hook) {
        if (formerQueued != null && formerQueued != hook.queued()) {
            formerQueued.close(hook.queued());
            queued.add(formerQueued);
        }
        if (formerInline != null && formerInline != hook.inline()) {
            formerInline.close(hook.inline());
            inline.add(formerInline);
        }
    }

    /** Makes threads that count without a fence see that tables are closed: their counts can be believed from here on. */
    void sync() {
        if (!queued.isEmpty() || inline.stream().anyMatch(table -> table.cells().isPresent())) {
            ThreadCells.barrier();
        }
    }

    /** Forgets tables whose events have all been handled. */
    void forgetDrained() {
        inline.removeIf(RetiredTables::forget);
        queued.removeIf(this::forget);
    }

    private static boolean forget(InlineTable table) {
        if (!table.cells().map(cells -> cells.isQuiet(null)).orElse(true)) {
            return false;
        }
        table.cells().ifPresent(cells -> {
            for (int i = 0; i < table.attachments().length; i++) {
                table.attachments()[i].leave(new SlotlessCounts.Share(cells, i));
            }
        });
        return true;
    }

    private boolean forget(QueuedTable table) {
        if (!table.drained()) {
            return false;
        }
        tables.remove(table);
        var counts = table.counts();
        for (var attachment : table.attachments()) {
            attachment.tables.remove(table);
            attachment.forgotten = attachment.forgotten.plus(counts);
        }
        return true;
    }

    /** Whether events wait in rings for some. */
    boolean hasQueued() {
        return !queued.isEmpty();
    }

    /** The inline ones. */
    List<InlineTable> inline() {
        return List.copyOf(inline);
    }
}

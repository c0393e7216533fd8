package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import java.util.EnumMap;

/** What became of the events of attachments; made under the dispatcher's lock, exact while no hook fires and no core runs. */
final class EventAccounts {

    private final long[] waiting; // by table

    /** Looks at what waits in the rings. */
    EventAccounts(Tables tables, CoreDispatcher[] cores) {
        waiting = new long[tables.all().length];
        for (var core : cores) {
            core.ring().forEachWaiting(id -> {
                if (id < waiting.length) {
                    waiting[id]++;
                }
            });
        }
    }

    /** The account of one. */
    AttachmentAccount of(Attachment attachment) {
        var counts = attachment.forgotten;
        long inRings = 0;
        for (var table : attachment.tables) {
            counts = counts.plus(table.counts());
            inRings += waiting[table.id()];
        }
        long noSlot = attachment.noSlot.sum();
        var dropped = new EnumMap<DropCause, Long>(DropCause.class);
        dropped.put(DropCause.RING_FULL, counts.ringFull());
        dropped.put(DropCause.PAYLOAD_TOO_LARGE, counts.tooLarge());
        dropped.put(DropCause.NO_SLOT, noSlot);
        dropped.put(DropCause.RATE_LIMITED, attachment.sum(Attachment.RATE_LIMITED));
        dropped.put(DropCause.DETACHED, attachment.sum(Attachment.DETACHED));
        dropped.put(DropCause.STOPPED, attachment.sum(Attachment.STOPPED));
        dropped.values().removeIf(count -> count == 0);
        return new AttachmentAccount(
                attachment.codeletSet(),
                attachment.codelet(),
                attachment.hook().name(),
                attachment.executionLabel(),
                counts.offered() + attachment.sum(Attachment.OFFERED) + attachment.slotless() + noSlot,
                attachment.ok(),
                attachment.failed() + counts.aborted(),
                dropped,
                inRings);
    }
}

package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.firing.InlineSink;
import io.vertebra.runtime.firing.InlineSlot;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.program.FiredHook;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The inline codelets of one hook at one time, in the order in which they run. Immutable.
 *
 * <p>Counts are plain increments of cells that the slot's owner alone writes, with no call in between: a run that ends
 * because the stack ends leaves its slot marked, and the slot's next owner counts what is missing as failed.
 */
final class InlineTable implements InlineSink {

    private final Attachment[] attachments;
    private final InlineSlots slots;
    private final long otherwise;
    private final int contextSize;
    private final int contextWords;
    private final boolean writable;
    private final FiredHook fired;
    private volatile boolean closed;
    private volatile InlineTable successor;

    InlineTable(List<Attachment> attachments, InlineSlots slots) {
        this.attachments = attachments.toArray(Attachment[]::new);
        this.slots = slots;
        var hook = attachments.getFirst().hook();
        this.otherwise = hook.whenDetached();
        this.contextSize = hook.context().size();
        this.contextWords = (contextSize + Long.BYTES - 1) / Long.BYTES;
        this.writable = hook.writablePayload();
        this.fired = FiredHook.of(hook.name(), hook.context(), true, hook.control(), otherwise);
    }

    @Override
    public InlineSlot enter() {
        var slot = slots.take();
        if (closed) { // after the compare-and-set of take: who closes waits for slots that were taken before
            if (slot != null) {
                slot.owner = null;
            }
            return InlineSlot.SUPERSEDED;
        }
        if (slot == null) {
            for (var attachment : attachments) {
                attachment.noSlot.increment();
            }
            return null;
        }
        try {
            slot.begin(contextWords);
            int cell = Attachment.cell(slot.index);
            for (var attachment : attachments) {
                attachment.cells[cell + Attachment.OFFERED]++;
            }
            slot.counted = 0;
            slot.table = this;
            return slot;
        } catch (Throwable e) {
            slot.owner = null;
            throw e;
        }
    }

    @Override
    public InlineSink successor() {
        return successor;
    }

    @Override
    public long run(InlineSlot taken, MemorySegment payload) {
        var slot = (InlineSlots.Slot) taken;
        RunContext context = slot.run.context();
        context.context(slot.segment(), 0, contextSize).hook(fired);
        if (payload == null) {
            context.noPayload();
        } else {
            context.payload(payload, 0, payload.byteSize(), writable && !payload.isReadOnly());
        }
        long result = otherwise;
        for (int i = 0; i < attachments.length; i++) {
            result = attachments[i].run(slot.run, slot.index, otherwise);
            slot.counted = i + 1;
        }
        slot.table = null;
        if (payload != null) {
            context.noPayload(); // holds on to nothing of the application's
        }
        return result;
    }

    @Override
    public void exit(InlineSlot slot) {
        slots.give((InlineSlots.Slot) slot);
    }

    /** Counts the codelets that a run which ended without notice has not counted. */
    void abandoned(InlineSlots.Slot slot) {
        for (int i = slot.counted; i < attachments.length; i++) {
            attachments[i].count(slot.index, Attachment.FAILED);
        }
    }

    /** Sends threads to another table from now on; null when nothing is attached any more. */
    void close(InlineTable next) {
        successor = next;
        closed = true;
    }
}

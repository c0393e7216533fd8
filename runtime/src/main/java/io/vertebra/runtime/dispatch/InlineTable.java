package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.firing.DirectSink;
import io.vertebra.runtime.firing.InlineSink;
import io.vertebra.runtime.firing.InlineSlot;
import io.vertebra.runtime.firing.ThreadCells;
import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.program.FiredHook;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The inline codelets of one hook at one time, in the order in which they run. Immutable.
 *
 * <p>Counts are plain increments of cells that the slot's owner alone writes, with no call in between: a run that ends
 * because the stack ends leaves its slot marked, and the slot's next owner counts what is missing as failed.
 */
final class InlineTable implements DirectSink {

    /**
     * Most codelets that are given code of their own: for each, the hook's class has about a hundred bytes in one method, of
     * which HotSpot compiles 8,000. More are called one after the other.
     */
    private static final int MOST_DIRECT = 64;

    private final Attachment[] attachments;
    private final InlineSlots slots;
    private final long otherwise;
    private final int contextSize;
    private final int contextWords;
    private final boolean inMemory; // some codelet has no direct code
    private final boolean hasPayload;
    private final boolean writable;
    private final FiredHook fired;
    private final Optional<ThreadCells> cells;
    private volatile boolean closed = true; // not open yet
    private volatile InlineTable successor;

    InlineTable(List<Attachment> attachments, InlineSlots slots) {
        this.attachments = attachments.toArray(Attachment[]::new);
        this.slots = slots;
        var hook = attachments.getFirst().hook();
        this.otherwise = hook.whenDetached();
        this.contextSize = hook.context().size();
        this.contextWords = (contextSize + Long.BYTES - 1) / Long.BYTES;
        this.inMemory = codes().stream().anyMatch(Optional::isEmpty);
        this.hasPayload = hook.context().hasPayload();
        this.writable = hook.writablePayload();
        this.cells = needsNoSlot() ? Optional.of(new ThreadCells(this.attachments.length)) : Optional.empty();
        this.fired = FiredHook.of(hook.name(), hook.context(), true, hook.control(), otherwise);
    }

    /** Whether the codelets run where the thread's own cell is all they need: a rate limit keeps its tokens by slot. */
    private boolean needsNoSlot() {
        return codes().stream().allMatch(code -> code.isPresent() && !code.get().usesRun())
                && Arrays.stream(attachments).allMatch(a -> a.rate().isEmpty());
    }

    Attachment[] attachments() {
        return attachments;
    }

    @Override
    public List<Optional<DirectCode>> codes() {
        boolean direct = attachments.length <= MOST_DIRECT;
        return Arrays.stream(attachments)
                .map(a -> direct ? a.executable().direct() : Optional.<DirectCode>empty())
                .toList();
    }

    @Override
    public Optional<ThreadCells> cells() {
        return cells;
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void refuse() {
        for (var attachment : attachments) {
            attachment.noSlot.increment();
        }
    }

    @Override
    public InlineSlot enter() {
        var slot = slots.take();
        if (closed) { // after the compare-and-set of take: who closes waits for slots that were taken before
            if (slot != null) {
                slot.owner = InlineSlot.FREE;
            }
            return InlineSlot.SUPERSEDED;
        }
        if (slot == null) {
            refuse();
            return null;
        }
        try {
            slot.makeRoom(contextWords);
            if (cells.isPresent()) {
                cells.get().claim(Thread.currentThread());
            }
            int cell = Attachment.cell(slot.index);
            slot.begin(this);
            for (var attachment : attachments) {
                attachment.cells[cell + Attachment.OFFERED]++;
            }
            return slot;
        } catch (Throwable e) {
            slot.owner = InlineSlot.FREE;
            throw e;
        }
    }

    @Override
    public InlineSink successor() {
        return successor;
    }

    @Override
    public long run(InlineSlot slot, Object payload) {
        prepare(slot, payload);
        place((InlineSlots.Slot) slot); // for all: who calls here has not their direct code
        long result = otherwise;
        for (int i = 0; i < attachments.length; i++) {
            result = run(slot, i);
        }
        ((InlineSlots.Slot) slot).run.context.noContext();
        finish(slot);
        return result;
    }

    @Override
    public void prepare(InlineSlot taken, Object payload) {
        var slot = (InlineSlots.Slot) taken;
        RunContext context = slot.run.context().hook(fired);
        if (inMemory) {
            place(slot);
        }
        switch (payload) {
            case null -> {} // as finish leaves it
            case byte[] bytes -> context.payload(bytes, writable);
            case ByteBuffer buffer -> context.payload(buffer, writable);
            case MemorySegment segment ->
                context.payload(segment, 0, segment.byteSize(), writable && !segment.isReadOnly());
            default -> throw new IllegalArgumentException("a payload of " + payload.getClass());
        }
    }

    private void place(InlineSlots.Slot slot) {
        slot.run.context.context(slot.segment(), 0, contextSize);
    }

    @Override
    public boolean limited(int codelet) {
        return attachments[codelet].rate().isPresent();
    }

    @Override
    public boolean admits(InlineSlot taken, int codelet) {
        var slot = (InlineSlots.Slot) taken;
        boolean admitted = attachments[codelet].admits(slot.index);
        slot.counted = codelet + (admitted ? 0 : 1);
        return admitted;
    }

    @Override
    public RunContext begin(InlineSlot taken, int codelet) {
        var slot = (InlineSlots.Slot) taken;
        return attachments[codelet].begin(slot.run, slot.index);
    }

    @Override
    public void ended(InlineSlot taken, int codelet) {
        var slot = (InlineSlots.Slot) taken;
        attachments[codelet].ended(slot.run, slot.index);
        slot.counted = codelet + 1;
    }

    @Override
    public void failed(InlineSlot taken, int codelet, Throwable thrown) {
        var slot = (InlineSlots.Slot) taken;
        attachments[codelet].failed(slot.run, slot.index, thrown);
        slot.counted = codelet + 1;
    }

    @Override
    public long run(InlineSlot taken, int codelet) {
        var slot = (InlineSlots.Slot) taken;
        var attachment = attachments[codelet];
        boolean runs = attachment.admits(slot.index);
        long result = runs ? attachment.run(slot.run, slot.index, otherwise) : otherwise;
        slot.counted = codelet + 1;
        return result;
    }

    @Override
    public void finish(InlineSlot taken) {
        var slot = (InlineSlots.Slot) taken;
        slot.end();
        // Nobody else's run may reach the context, and nothing of the application's is held on to.
        if (inMemory) {
            slot.run.context.noContext();
        }
        if (hasPayload) {
            slot.run.context.noPayload();
        }
    }

    @Override
    public void sampled(int codelet, long startNanos) {
        attachments[codelet].sampled(startNanos);
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

    /** Takes events from now on. */
    void open() {
        closed = false;
        cells.ifPresent(c -> c.closed = false);
    }

    /**
     * Sends threads to another table from now on; null when nothing is attached any more. Threads with a cell notice after
     * a {@link ThreadCells#barrier}.
     */
    void close(InlineTable next) {
        successor = next;
        closed = true;
        cells.ifPresent(c -> c.closed = true);
    }

    /** Whether no run without a slot is under way; of the calling thread's own it does not matter. */
    boolean isQuiet() {
        return cells.isEmpty() || cells.get().isQuiet(Thread.currentThread());
    }
}

package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.firing.EventSink;
import io.vertebra.runtime.firing.ThreadCells;
import io.vertebra.runtime.firing.Words;
import io.vertebra.runtime.ring.EventRing;
import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.program.ContextLayout;
import io.vertebra.vm.program.ContextLayout.Kind;
import io.vertebra.vm.program.FiredHook;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * The queued codelets of one hook at one time, in the order in which they run; immutable but for its counts.
 *
 * <pre>
 *   record   header (type = table id) | event_ns? | thread id? | thread name, 4 words? | context | payload
 * </pre>
 *
 * <p>The words with a question mark are there when some codelet of the table calls a helper that reads them.
 *
 * <p>Closing: a producer first counts its event as offered, then looks whether the table is closed; who closes does
 * the opposite, with a {@link ThreadCells#barrier} between. So either the producer sees that it is closed, takes its count
 * back and goes to the successor, or the closer sees the count and waits for the event.
 */
final class QueuedTable implements EventSink {

    private static final List<Integer> TIME_HELPERS = List.of(5, 125, 160, 208);
    private static final List<Integer> THREAD_HELPERS = List.of(14, 16);
    private static final int PADDED = 16; // longs: two cache lines
    private static final int OVERFLOWED = ThreadCells.failed(0);
    private static final int NAME_WORDS = 4;
    private static final int NAME_BYTES = NAME_WORDS * Long.BYTES - 2; // after its u16 length

    private final int id;
    private final Attachment[] attachments;
    private final CoreDispatcher[] cores;
    private final int payloadMax;
    private final boolean time;
    private final boolean thread;
    private final int prefix;
    private final int contextSize;
    private final int contextWords;
    private final int payloadEndWord;
    private final boolean writable;
    private final boolean wakes; // some codelet's set wants it
    private final boolean onWords; // all of them
    private final boolean usesRun; // any
    private final int longest;

    private final ThreadCells offered = new ThreadCells(1); // events, and of these those whose stack ended
    private final StripedCounter offeredByOthers = new StripedCounter(); // by threads without a cell
    private final StripedCounter overflowedByOthers = new StripedCounter();
    private final FiredHook fired;
    private final LongAdder ringFull = new LongAdder();
    private final LongAdder tooLarge = new LongAdder();
    private final long[] handled; // by core, padded: events that left the ring
    private final long[] discards; // by core, padded: of these, discarded ones

    private volatile QueuedTable successor;

    QueuedTable(int id, List<Attachment> attachments, CoreDispatcher[] cores, int payloadMax) {
        this.id = id;
        this.attachments = attachments.toArray(Attachment[]::new);
        this.cores = cores;
        this.payloadMax = payloadMax;
        this.time = attachments.stream().anyMatch(a -> TIME_HELPERS.stream().anyMatch(a::calls));
        this.thread = attachments.stream().anyMatch(a -> THREAD_HELPERS.stream().anyMatch(a::calls));
        this.prefix = 1 + (time ? 1 : 0) + (thread ? 1 + NAME_WORDS : 0);
        var hook = attachments.getFirst().hook();
        this.contextSize = hook.context().size();
        this.contextWords = (contextSize + Long.BYTES - 1) / Long.BYTES;
        this.payloadEndWord = payloadEnd(hook.context());
        this.writable = hook.writablePayload();
        this.wakes = attachments.stream().anyMatch(Attachment::wakes);
        this.onWords = attachments.stream().allMatch(Attachment::readsWords);
        this.usesRun = attachments.stream().anyMatch(Attachment::usesRun);
        this.fired = FiredHook.of(hook.name(), hook.context(), false, false, 0);
        this.longest = cores[0].ring().maxRecordWords();
        this.handled = new long[(cores.length + 1) * PADDED];
        this.discards = new long[(cores.length + 1) * PADDED];
        this.offered.closed = false;
    }

    private static int payloadEnd(ContextLayout context) {
        return context.fields().stream()
                .filter(f -> f.kind() == Kind.PAYLOAD_END)
                .mapToInt(f -> f.offset() / Long.BYTES)
                .findFirst()
                .orElse(-1);
    }

    int id() {
        return id;
    }

    Attachment[] attachments() {
        return attachments;
    }

    // ---- producers, in the order of the calls ----

    @Override
    public int ring(long key) {
        return Hash.index(key, cores.length);
    }

    @Override
    public long[] words(int ring) {
        return cores[ring].ring().words();
    }

    @Override
    public int length(int payload) {
        return prefix + contextWords + (kept(payload) + Long.BYTES - 1) / Long.BYTES;
    }

    @Override
    public long discarded(int length) {
        return EventRing.discarded(length, id);
    }

    @Override
    public int claim(int ring, int length, int payload) {
        var thread = Thread.currentThread();
        long[] counts = offered.counts;
        int cell = offered.cellOf(thread.threadId());
        if (counts[cell + ThreadCells.THREAD] != thread.threadId()) {
            return claimWithoutCell(thread, ring, length);
        }
        counts[cell + ThreadCells.OFFERED]++;
        if (offered.closed) {
            counts[cell + ThreadCells.OFFERED]--;
            return SUPERSEDED;
        }
        try {
            return claim(ring, length);
        } catch (Throwable _) { // the stack ended before the claim: count without a call
            counts[cell + OVERFLOWED]++;
            return DROPPED;
        }
    }

    private int claimWithoutCell(Thread thread, int ring, int length) {
        offered.claim(thread);
        int stripe = StripedCounter.stripe();
        offeredByOthers.add(stripe, 1);
        try {
            if (offered.closed) {
                offeredByOthers.add(stripe, -1);
                return SUPERSEDED;
            }
            return claim(ring, length);
        } catch (Throwable _) { // as above
            overflowedByOthers.cells[stripe]++;
            return DROPPED;
        }
    }

    private int claim(int ring, int length) {
        if (length > longest) {
            tooLarge.increment();
            return DROPPED;
        }
        int index = cores[ring].ring().claim(length);
        if (index < 0) {
            ringFull.increment();
        }
        return index;
    }

    @Override
    public EventSink successor() {
        return successor;
    }

    @Override
    public int context(int index) {
        return index + prefix;
    }

    @Override
    public int kept(int payload) {
        return Math.min(payload, payloadMax);
    }

    @Override
    public void commit(int ring, int index, int length) {
        var target = cores[ring].ring();
        int at = index + 1;
        if (time) {
            target.words()[at++] = System.nanoTime();
        }
        if (thread) {
            var current = Thread.currentThread();
            target.words()[at++] = current.threadId();
            Words.text(target.words(), at, 0, current.getName(), NAME_BYTES);
        }
        target.commit(index, length, id);
    }

    @Override
    public void wake(int ring) {
        if (wakes) {
            cores[ring].wake();
        }
    }

    /** Whether its events wake cores that sleep. */
    boolean wakes() {
        return wakes;
    }

    // ---- the core that a record was published to ----

    /** Runs the codelets on a committed record, and counts it whatever happens. */
    void run(RunSlot slot, int core, EventRing ring, int index) {
        try {
            var context = slot.context();
            if (usesRun) {
                prepare(context, ring.words(), index);
            }
            if (onWords) {
                runOnWords(slot, core, ring.words(), index + prefix);
            } else {
                run(slot, core, hand(context, ring, index + prefix));
                context.noContext(); // nobody else's run may reach it
            }
        } catch (Throwable e) { // thrown by the preparation only: no memory for the thread's name, for example
            for (var attachment : attachments) {
                attachment.failed(slot, core, e);
            }
        }
        handled[(core + 1) * PADDED]++;
    }

    private void runOnWords(RunSlot slot, int core, long[] words, int at) {
        for (var attachment : attachments) {
            if (mayRun(attachment, core)) {
                attachment.run(slot, core, words, at);
            }
        }
    }

    private void run(RunSlot slot, int core, boolean cut) {
        for (var attachment : attachments) {
            if (mayRun(attachment, core)) {
                attachment.run(slot, core, 0);
                if (cut) {
                    attachment.count(core, Attachment.CUT);
                }
            }
        }
    }

    private static boolean mayRun(Attachment attachment, int core) {
        if (attachment.detached) {
            attachment.count(core, Attachment.DETACHED);
            return false;
        }
        return attachment.admits(core);
    }

    /** Tells a run of the moment of firing. */
    private void prepare(RunContext context, long[] words, int index) {
        int at = index + 1;
        if (time) {
            context.eventNanos(words[at++]);
        } else {
            context.eventNanos(RunContext.NOT_CAPTURED);
        }
        if (thread) {
            context.thread(words[at], words, at + 1);
        } else {
            context.executingThread();
        }
        context.hook(fired);
    }

    /** Hands a record's context and payload to a run; gives whether the payload was cut. */
    private boolean hand(RunContext context, EventRing ring, int at) {
        long[] words = ring.words();
        context.context(ring.segment(), 8L * at, contextSize);
        boolean cut = false;
        if (payloadEndWord >= 0) {
            long length = words[at + payloadEndWord] - Addresses.PAYLOAD;
            context.payload(ring.segment(), 8L * (at + contextWords), length, writable);
            cut = (words[at + payloadEndWord + 1] & 0xffff_ffffL) > length; // payload_len follows data_end
        } else {
            context.noPayload();
        }
        return cut;
    }

    /** Counts a record that its producer gave up. */
    void countDiscarded(int core) {
        discards[(core + 1) * PADDED]++;
        handled[(core + 1) * PADDED]++;
    }

    /** Counts a committed record that will not be run because the runtime has stopped. */
    void stopped(int core) {
        for (var attachment : attachments) {
            attachment.count(core, Attachment.STOPPED);
        }
        handled[(core + 1) * PADDED]++;
    }

    // ---- whoever attaches and detaches ----

    /** Sends producers to another table from now on; null when nothing is attached any more. */
    void close(QueuedTable next) {
        successor = next;
        offered.closed = true;
    }

    /** Whether the table is closed and all events that were fired against it have been handled. */
    boolean drained() {
        if (!offered.closed) {
            return false;
        }
        // Handled first: what is offered can only be more by then, so equality means that nothing is on its way.
        long done = sum(handled) + ringFull.sum() + tooLarge.sum() + overflowed();
        return done == offered();
    }

    TableCounts counts() {
        return new TableCounts(offered(), ringFull.sum(), tooLarge.sum(), overflowed() + sum(discards));
    }

    private long offered() {
        return offered.sum(ThreadCells.OFFERED) + offeredByOthers.sum();
    }

    private long overflowed() {
        return offered.sum(OVERFLOWED) + overflowedByOthers.sum();
    }

    private static long sum(long[] padded) {
        long sum = 0;
        for (int i = PADDED; i < padded.length; i += PADDED) {
            sum += padded[i];
        }
        return sum;
    }
}

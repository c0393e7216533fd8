package io.vertebra.runtime.output;

import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.vm.map.RecordChannel;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Takes the records of one stream out of its ring buffer or perf event array and numbers them. {@link #drain} and
 * {@link #stop} belong to the core that owns it; {@link #account} may be called by anyone.
 */
public final class OutputDrain {

    /** The name of this place in accounts. */
    public static final String PLACE = "output";

    private static final VarHandle COUNT = ValueLayout.JAVA_LONG.varHandle();
    private static final int MAX_BATCH_BYTES = 256 << 10;
    private static final int FIRST_WORDS = 64;

    private final StreamDescriptor stream;
    private final RecordChannel ring;
    private final boolean wakes;
    private final AtomicLong delivered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong stopped = new AtomicLong();
    /** Where submits are counted too; null for nowhere. */
    private MemorySegment counter;

    private long sequence;
    private int usualWords = FIRST_WORDS;

    /**
     * The drain of a stream.
     *
     * @param wakes whether records wake the core that drains them, when it sleeps
     */
    public OutputDrain(StreamDescriptor stream, RecordChannel ring, boolean wakes) {
        this.stream = stream;
        this.ring = ring;
        this.wakes = wakes;
    }

    /**
     * Has records also counted elsewhere, from their submit until this drain gives them up: what is drained stays
     * counted. To be called before the drain has an owner; see {@link RecordChannel#countInto}.
     */
    public void countInto(MemorySegment elsewhere) {
        counter = elsewhere;
        ring.countInto(elsewhere);
    }

    /** Whether records wake the core that drains them, when it sleeps. */
    public boolean wakes() {
        return wakes;
    }

    /** The stream. */
    public StreamDescriptor stream() {
        return stream;
    }

    /** The ring buffer or perf event array. */
    public RecordChannel ring() {
        return ring;
    }

    /**
     * Hands what waits to a sink, as one batch.
     *
     * @param limit most records
     * @return how many records were taken; they count as delivered, or as failed when the sink threw
     */
    public int drain(int limit, Consumer<OutputBatch> sink) {
        if (!ring.ready()) {
            return 0;
        }
        var batch = new Batch(usualWords);
        int taken = 0;
        while (taken < limit && batch.usedWords < MAX_BATCH_BYTES / Long.BYTES) {
            int more = ring.drain(batch, 1);
            if (more == 0) {
                break;
            }
            taken += more;
        }
        if (taken == 0) {
            return 0;
        }
        usualWords = Math.max(FIRST_WORDS, batch.usedWords);
        long first = sequence;
        sequence += taken;
        try {
            sink.accept(batch.finish(stream, first));
            delivered.addAndGet(taken);
        } catch (RuntimeException | Error e) {
            giveUp(failed, taken);
            System.getLogger(OutputDrain.class.getName())
                    .log(System.Logger.Level.WARNING, "stream `" + stream.name() + "`: batch lost", e);
        }
        return taken;
    }

    /** Gives up what waits: it counts as stopped. */
    public void stop() {
        int taken = ring.drain((_, _, _) -> {}, Integer.MAX_VALUE);
        sequence += taken;
        giveUp(stopped, taken);
    }

    private void giveUp(AtomicLong cause, int records) {
        cause.addAndGet(records);
        if (counter != null) {
            COUNT.getAndAdd(counter, 0L, (long) -records);
        }
    }

    /** What became of the records so far; balances while nobody emits or drains. */
    public OutputAccount account() {
        var dropped = new EnumMap<DropCause, Long>(DropCause.class);
        long refused = ring.refused();
        putIfSome(dropped, DropCause.OUTPUT_FULL, refused);
        putIfSome(dropped, DropCause.CONNECTOR_FAILED, failed.get());
        putIfSome(dropped, DropCause.STOPPED, stopped.get());
        return new OutputAccount(
                stream.name(), PLACE, ring.submitted() + refused, delivered.get(), dropped, ring.pending());
    }

    private static void putIfSome(EnumMap<DropCause, Long> dropped, DropCause cause, long count) {
        if (count != 0) {
            dropped.put(cause, count);
        }
    }

    /** A batch while it grows: the one copy of its records. */
    private static final class Batch implements RecordChannel.RecordConsumer {

        private long[] words;
        private int[] places = new int[32];
        private int usedWords;
        private int records;

        Batch(int expectedWords) {
            words = new long[expectedWords];
        }

        @Override
        public void record(MemorySegment data, long offset, int length) {
            int need = (length + Long.BYTES - 1) / Long.BYTES;
            if (usedWords + need > words.length) {
                words = Arrays.copyOf(words, Math.max(2 * words.length, usedWords + need));
            }
            if (2 * records == places.length) {
                places = Arrays.copyOf(places, 2 * places.length);
            }
            MemorySegment.copy(
                    data,
                    ValueLayout.JAVA_BYTE,
                    offset,
                    MemorySegment.ofArray(words),
                    ValueLayout.JAVA_BYTE,
                    8L * usedWords,
                    length);
            places[2 * records] = usedWords * Long.BYTES;
            places[2 * records + 1] = length;
            records++;
            usedWords += need;
        }

        OutputBatch finish(StreamDescriptor stream, long firstSequence) {
            var bytes = MemorySegment.ofArray(words).asSlice(0, 8L * usedWords);
            return new OutputBatch(
                    stream, firstSequence, System.currentTimeMillis(), bytes, Arrays.copyOf(places, 2 * records));
        }
    }
}

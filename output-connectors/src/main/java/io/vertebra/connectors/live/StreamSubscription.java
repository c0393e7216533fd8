package io.vertebra.connectors.live;

import io.vertebra.connectors.spi.RecordJson;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.output.OutputBatch;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * One client's view of one stream: records wait here until the client's socket takes them. Bounded; the oldest are lost
 * first, and the client is told how many. Guarded by the ledger's lock.
 */
final class StreamSubscription {

    /** Bytes of batches that may wait for a client. */
    private static final long MAX_WAITING_BYTES = 1 << 20;

    /** What a batch costs beside its records. */
    private static final int SLICE_OVERHEAD = 128;

    /** A frame is closed when its text has reached this length. */
    private static final int FRAME_CHARS = 32 * 1024;

    private final int id;
    private final String stream;
    private final double rate;
    private final LiveClient client;
    private final ClientLedger ledger;
    private final Deque<Slice> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private double tokens;
    private long tokensNanos = System.nanoTime();
    private long skipped;
    private long lost;

    /** Records {@code next} to {@code end - 1} of a batch. */
    private static final class Slice {
        private final OutputBatch batch;
        private final int end;
        private int next;

        Slice(OutputBatch batch, int end) {
            this.batch = batch;
            this.end = end;
        }

        int size() {
            return end - next;
        }

        long cost() {
            return batch.byteSize() + SLICE_OVERHEAD;
        }
    }

    StreamSubscription(int id, String stream, double rate, LiveClient client, ClientLedger ledger) {
        this.id = id;
        this.stream = stream;
        this.rate = rate;
        this.tokens = Math.max(1, rate);
        this.client = client;
        this.ledger = ledger;
    }

    String stream() {
        return stream;
    }

    /** Records that wait for the client. */
    long waiting() {
        return waiting.stream().mapToLong(Slice::size).sum();
    }

    /** Sends what the stream had before, oldest first. */
    void snapshot(List<OutputBatch> history, int records) {
        int available = history.stream().mapToInt(OutputBatch::size).sum();
        int skip = Math.max(0, available - records);
        var frame =
                new StringBuilder("{\"type\":\"snapshot\",\"id\":").append(id).append(",\"records\":[");
        boolean first = true;
        for (var batch : history) {
            for (int i = 0; i < batch.size(); i++) {
                if (skip-- <= 0) {
                    append(frame, batch, i, first);
                    first = false;
                }
            }
        }
        client.send(frame.append("]}").toString());
    }

    /** Takes as many of the batch's records as the rate allows; the oldest give way when too much waits. */
    void offer(OutputBatch batch) {
        int taken = take(batch.size());
        ledger.emitted(stream, batch.size());
        ledger.dropped(stream, DropCause.RATE_LIMITED, batch.size() - taken);
        skipped += batch.size() - taken;
        if (taken > 0) {
            var slice = new Slice(batch, taken);
            waiting.addLast(slice);
            waitingBytes += slice.cost();
        }
        while (waitingBytes > MAX_WAITING_BYTES) {
            var oldest = removeOldest();
            lost += oldest.size();
            ledger.dropped(stream, DropCause.CLIENT_SLOW, oldest.size());
        }
    }

    /** Whether waiting for the next tick would lose records. */
    boolean urgent() {
        return waitingBytes > MAX_WAITING_BYTES / 2;
    }

    /** Sends what waits, as far as the socket takes it. */
    void flush() {
        while (!client.full() && (!waiting.isEmpty() || lost > 0)) {
            if (lost > 0) {
                client.send("{\"type\":\"lost\",\"id\":" + id + ",\"count\":" + lost + "}");
                lost = 0;
            } else {
                sendNext();
            }
        }
    }

    /** The client is gone, or does not want more. */
    void end() {
        ledger.dropped(stream, DropCause.CONNECTOR_FAILED, waiting());
        waiting.clear();
        waitingBytes = 0;
    }

    private void sendNext() {
        var frame = new StringBuilder("{\"type\":\"next\",\"id\":").append(id).append(",\"records\":[");
        int records = 0;
        while (!waiting.isEmpty() && frame.length() < FRAME_CHARS) {
            var slice = waiting.peekFirst();
            append(frame, slice.batch, slice.next++, records++ == 0);
            if (slice.size() == 0) {
                removeOldest();
            }
        }
        frame.append(']');
        if (skipped > 0) {
            frame.append(",\"skipped\":").append(skipped);
            skipped = 0;
        }
        client.send(frame.append('}').toString());
        ledger.delivered(stream, records);
    }

    private static void append(StringBuilder frame, OutputBatch batch, int index, boolean first) {
        frame.append(first ? "{\"sequence\":" : ",{\"sequence\":")
                .append(batch.firstSequence() + index)
                .append(",\"time\":")
                .append(batch.drainedMillis())
                .append(",\"value\":")
                .append(RecordJson.record(batch, index).encode())
                .append('}');
    }

    private Slice removeOldest() {
        var slice = waiting.removeFirst();
        waitingBytes -= slice.cost();
        return slice;
    }

    /** A bucket that fills with {@code rate} tokens a second and holds those of one second. */
    private int take(int wanted) {
        long now = System.nanoTime();
        tokens = Math.min(Math.max(1, rate), tokens + rate * (now - tokensNanos) / 1e9);
        tokensNanos = now;
        int taken = (int) Math.min(wanted, tokens);
        tokens -= taken;
        return taken;
    }
}

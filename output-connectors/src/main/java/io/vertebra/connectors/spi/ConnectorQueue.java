package io.vertebra.connectors.spi;

import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What stands in front of a connector: takes batches from any thread, passes them on in order on one event loop, gives up
 * the oldest ({@code connector_full}) when more bytes wait than allowed, and counts every record. Thread-safe; an account
 * is exact at any moment.
 */
public final class ConnectorQueue {

    /** What a batch costs beside its records, so that many small ones are bounded too. */
    private static final int BATCH_OVERHEAD = 128;

    private final String name;
    private final Connector connector;
    private final Context context;
    private final long maxBytes;

    private final ArrayDeque<OutputBatch> waiting = new ArrayDeque<>();
    private final Set<OutputBatch> inFlight = new LinkedHashSet<>();
    private final Map<String, Tally> tallies = new TreeMap<>();
    private final Promise<Void> empty = Promise.promise();
    private long waitingBytes;
    private boolean pumping;
    private boolean closing;
    private boolean closed;

    /**
     * A queue.
     *
     * @param name the connector's name in accounts
     * @param connector already started
     * @param context the event loop that writes
     * @param maxBytes most bytes that may wait, those of unfinished writes not included
     */
    public ConnectorQueue(String name, Connector connector, Context context, long maxBytes) {
        this.name = name;
        this.connector = connector;
        this.context = context;
        this.maxBytes = maxBytes;
    }

    /** Takes a batch; it is the oldest batches that are given up to make room. */
    public synchronized void offer(OutputBatch batch) {
        tally(batch).emitted += batch.size();
        if (closing) {
            drop(batch, DropCause.STOPPED);
            return;
        }
        waiting.addLast(batch);
        waitingBytes += cost(batch);
        while (waitingBytes > maxBytes) {
            drop(takeOldest(), DropCause.CONNECTOR_FULL);
        }
        schedule();
    }

    /** What became of the records so far, one account for each stream that had any. */
    public synchronized List<OutputAccount> accounts() {
        var accounts = new ArrayList<OutputAccount>();
        tallies.forEach((stream, tally) -> accounts.add(new OutputAccount(
                stream,
                name,
                tally.emitted,
                tally.delivered,
                tally.dropped,
                records(waiting, stream) + records(inFlight, stream))));
        return accounts;
    }

    /** How much waits, and for how long. */
    public synchronized QueueState state() {
        var oldest =
                inFlight.isEmpty() ? waiting.peekFirst() : inFlight.iterator().next();
        long lag = oldest == null ? 0 : Math.max(0, System.currentTimeMillis() - oldest.drainedMillis());
        return new QueueState(name, Duration.ofMillis(lag), waitingBytes, maxBytes, inFlight.size(), 0);
    }

    /**
     * Takes no more batches, lets those inside arrive for as long as the grace allows, stops the connector and counts the
     * rest as {@code stopped}. Call once; completes always, on the queue's event loop.
     */
    public Future<Void> close(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        synchronized (this) {
            closing = true;
        }
        completeWhenEmpty();
        return within(empty.future(), remaining(deadline))
                .transform(_ -> stop(remaining(deadline)))
                .transform(_ -> {
                    settleRest();
                    return Future.succeededFuture();
                });
    }

    private Future<Void> stop(Duration grace) {
        dropWaiting();
        return within(connector.stop(grace), grace.plusSeconds(1));
    }

    /** Caller holds the lock. */
    private void schedule() {
        if (!pumping && !waiting.isEmpty()) {
            pumping = true;
            context.runOnContext(_ -> pump());
        }
    }

    private void pump() {
        for (var batch = next(); batch != null; batch = next()) {
            write(batch);
        }
    }

    private synchronized OutputBatch next() {
        if (waiting.isEmpty() || closed || inFlight.size() >= connector.writesInFlight()) {
            pumping = false;
            return null;
        }
        var batch = takeOldest();
        inFlight.add(batch);
        return batch;
    }

    private void write(OutputBatch batch) {
        Future<WriteResult> written;
        try {
            written = connector.write(batch);
        } catch (RuntimeException e) {
            written = Future.failedFuture(e);
        }
        written.onComplete(result -> settle(batch, result));
    }

    private void settle(OutputBatch batch, AsyncResult<WriteResult> result) {
        synchronized (this) {
            if (!inFlight.remove(batch)) {
                return; // came after the grace: already counted as stopped
            }
            var tally = tally(batch);
            if (result.succeeded()) {
                tally.delivered += result.result().delivered();
                tally.drop(DropCause.CONNECTOR_FAILED, result.result().failed());
            } else {
                tally.drop(DropCause.CONNECTOR_FAILED, batch.size());
            }
            schedule();
        }
        completeWhenEmpty();
    }

    private void completeWhenEmpty() {
        boolean complete;
        synchronized (this) {
            complete = closing && waiting.isEmpty() && inFlight.isEmpty();
        }
        if (complete) {
            empty.tryComplete();
        }
    }

    private synchronized void dropWaiting() {
        closed = true;
        while (!waiting.isEmpty()) {
            drop(takeOldest(), DropCause.STOPPED);
        }
    }

    private synchronized void settleRest() {
        inFlight.forEach(batch -> drop(batch, DropCause.STOPPED));
        inFlight.clear();
    }

    private OutputBatch takeOldest() {
        var batch = waiting.removeFirst();
        waitingBytes -= cost(batch);
        return batch;
    }

    private void drop(OutputBatch batch, DropCause cause) {
        tally(batch).drop(cause, batch.size());
    }

    private Tally tally(OutputBatch batch) {
        return tallies.computeIfAbsent(batch.stream().name(), _ -> new Tally());
    }

    /** Completes on the event loop when the future does or the limit has passed, whichever comes first. */
    private Future<Void> within(Future<Void> future, Duration limit) {
        var promise = Promise.<Void>promise();
        long timer = context.owner()
                .setTimer(Math.max(1, limit.toMillis()), _ -> context.runOnContext(_ -> promise.tryComplete()));
        future.onComplete(_ -> {
            context.owner().cancelTimer(timer);
            context.runOnContext(_ -> promise.tryComplete());
        });
        return promise.future();
    }

    private static Duration remaining(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private static long cost(OutputBatch batch) {
        return batch.byteSize() + BATCH_OVERHEAD;
    }

    private static long records(Iterable<OutputBatch> batches, String stream) {
        long records = 0;
        for (var batch : batches) {
            if (batch.stream().name().equals(stream)) {
                records += batch.size();
            }
        }
        return records;
    }

    /** The counters of one stream; guarded by the queue. */
    private static final class Tally {
        private final Map<DropCause, Long> dropped = new EnumMap<>(DropCause.class);
        private long emitted;
        private long delivered;

        void drop(DropCause cause, int records) {
            if (records > 0) {
                dropped.merge(cause, (long) records, Long::sum);
            }
        }
    }
}

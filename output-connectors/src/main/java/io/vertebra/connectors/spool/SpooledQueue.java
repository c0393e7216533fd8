package io.vertebra.connectors.spool;

import io.vertebra.config.Delivery.AtLeastOnce;
import io.vertebra.connectors.spi.DurableConnector;
import io.vertebra.connectors.spi.LossLog;
import io.vertebra.connectors.spi.SendResult;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands in front of a durable connector for streams that are delivered at least once: keeps batches in memory for at
 * most their stream's {@code max_delay}, then on disk, and sends them from there until the destination has them. What
 * finds no room is refused, newest first, and counted as {@code spool_full}. Thread-safe.
 */
public final class SpooledQueue {

    private static final Logger LOG = LoggerFactory.getLogger(SpooledQueue.class);

    /** What a batch costs in memory beside its records. */
    private static final int BATCH_OVERHEAD = 128;

    /** So much is written at once, without waiting for more. */
    private static final long ENOUGH_BYTES = 256 << 10;

    /** How long the note that something was delivered may wait for other changes: it only spares duplicates after a kill. */
    private static final long REMOVE_MILLIS = 200;

    private static final long RETRY_MILLIS = 1_000;

    /** Of all streams together; each may have one entry beyond. */
    private static final long MOST_BYTES_ON_THE_WAY = 32 << 20;

    private final String name;
    private final DurableConnector connector;
    private final SpoolStore store;
    private final long memoryBytes;
    private final SpoolAccounts accounts;
    private final LossLog losses;
    private final ScheduledThreadPoolExecutor thread;

    private final Map<String, Long> written = new ConcurrentHashMap<>();

    // of the disk, as the thread has seen it last
    private volatile long oldestMillis = Long.MAX_VALUE;
    private volatile long bytes;

    // guarded by this
    private List<OutputBatch> waiting = new ArrayList<>();
    private long waitingBytes;
    private long writeNanos; // when the next write is to be, if anything waits
    private boolean closing;

    // the thread's own
    private final Map<String, SpooledStream> streams = new HashMap<>();
    private final SpoolWrites writes;
    private boolean starved; // a stream has more to send than all together may have on the way
    private Promise<Void> drained; // set while somebody waits for it

    SpooledQueue(
            String name,
            DurableConnector connector,
            SpoolStore store,
            CountsFile counts,
            Map<String, Long> lost,
            long memoryBytes) {
        this.name = name;
        this.connector = connector;
        this.store = store;
        this.writes = new SpoolWrites(name, store);
        this.memoryBytes = memoryBytes;
        this.accounts = new SpoolAccounts(name, counts);
        this.losses = new LossLog(name);
        this.thread = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name("vertebra-" + name + "-spool").factory());
        this.thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // what ends after the close
        lost.forEach(this::tellOfLost);
        store.streams().forEach(this::takeOver);
    }

    private void tellOfLost(String stream, long records) {
        LOG.warn(
                "stream `{}`, connector `{}`: {} records were not yet on disk when the process before this one ended",
                stream,
                name,
                records);
        accounts.lost(stream, records);
    }

    private void takeOver(String stream) {
        long records = store.totals(stream).records();
        if (records > 0) {
            LOG.info("stream `{}`, connector `{}`: {} records wait in the spool", stream, name, records);
            accounts.found(stream, records);
        }
        soon(() -> pump(stream(stream)));
    }

    /** From now on, records of a stream may come. */
    public void expect(StreamDescriptor stream) {
        accounts.expect(stream.name());
    }

    /** Takes a batch of a stream that is delivered at least once, or refuses it when memory is full. */
    public synchronized void offer(OutputBatch batch) {
        var stream = batch.stream();
        accounts.emitted(stream.name(), batch.size());
        if (closing || waitingBytes + cost(batch) > memoryBytes) {
            var cause = closing ? DropCause.STOPPED : DropCause.SPOOL_FULL;
            accounts.unwritten(stream.name(), cause, batch.size());
            return;
        }
        long due = System.nanoTime();
        boolean first = waiting.isEmpty();
        waiting.add(batch);
        waitingBytes += cost(batch);
        if (waitingBytes < ENOUGH_BYTES && stream.delivery() instanceof AtLeastOnce owed) {
            due += owed.maxDelay().toNanos() / 2; // the other half is for writing
        }
        if (first || due - writeNanos < 0) {
            writeNanos = due;
            after(due - System.nanoTime(), TimeUnit.NANOSECONDS, this::write);
        }
    }

    /** How much waits in memory and on disk, and how long the oldest record has. */
    public synchronized SpoolState state() {
        long oldest = waiting.isEmpty() ? Long.MAX_VALUE : waiting.getFirst().drainedMillis();
        long lag = System.currentTimeMillis() - Math.min(oldest, oldestMillis);
        return new SpoolState(Duration.ofMillis(Math.max(0, lag)), waitingBytes, bytes);
    }

    /** What became of the records so far, one account for each stream that had any. */
    public List<OutputAccount> accounts() {
        return accounts.all();
    }

    /** Records of a stream that are on disk and not known to be delivered. */
    long onDisk(String stream) {
        return written.getOrDefault(stream, 0L);
    }

    /**
     * Takes no more batches, writes what waits, and sends for as long as the grace allows. Completes always, on some
     * thread; {@link #close} is to follow when the connector has stopped.
     */
    public Future<Void> drain(Duration grace) {
        synchronized (this) {
            closing = true;
        }
        var promise = Promise.<Void>promise();
        soon(() -> {
            drained = promise;
            write();
            tellWhenDrained();
        });
        after(grace.toMillis(), TimeUnit.MILLISECONDS, promise::tryComplete);
        return promise.future();
    }

    /** Notes what was delivered and closes the file; what was not is sent by the next process. Completes always. */
    public Future<Void> close() {
        var promise = Promise.<Void>promise();
        soon(() -> {
            take();
            flush();
            writes.unwritten().forEach(a -> accounts.unwritten(a.stream(), DropCause.STOPPED, a.records()));
            store.close();
            long left = accounts.waiting();
            if (left > 0) {
                LOG.warn("connector `{}`: {} records stay in the spool for the next start", name, left);
            }
            thread.shutdownNow();
            promise.complete();
        });
        return promise.future();
    }

    private SpooledStream stream(String name) {
        return streams.computeIfAbsent(name, n -> new SpooledStream(n, store));
    }

    /** Brings what waits and what was delivered to the disk; then it may be sent. */
    private void write() {
        if (!writes.failing()) { // else what waits stays where it is bounded, until the disk takes something again
            take();
            flush();
        }
    }

    private void flush() {
        if (writes.isEmpty()) {
            return;
        }
        boolean failed = writes.failing();
        if (!writes.write()) {
            after(RETRY_MILLIS, TimeUnit.MILLISECONDS, this::flush);
            return;
        }
        streams.values()
                .forEach(stream ->
                        written.put(stream.name(), store.totals(stream.name()).records()));
        if (failed) {
            write(); // what has come meanwhile
        }
        streams.values().forEach(this::pump);
        tellWhenDrained();
    }

    private void take() {
        List<OutputBatch> batches;
        synchronized (this) {
            batches = waiting;
            waiting = new ArrayList<>();
            waitingBytes = 0;
        }
        batches.forEach(this::append);
    }

    private void append(OutputBatch batch) {
        var stream = stream(batch.stream().name());
        var owed = batch.stream().delivery() instanceof AtLeastOnce a ? a : AtLeastOnce.DEFAULT;
        if (stream.full()) {
            accounts.unwritten(stream.name(), DropCause.SPOOL_FULL, batch.size());
            return;
        }
        try {
            var appended = stream.append(batch.drainedMillis(), connector.encode(batch), owed.maxBytes());
            int records = appended.map(Change.Append::records).orElse(0);
            writes.add(appended.stream().toList());
            accounts.unwritten(stream.name(), DropCause.SPOOL_FULL, batch.size() - records);
            if (owed.fsync()) {
                writes.requireFsync();
            }
        } catch (RuntimeException e) { // it cannot be encoded
            losses.lost(batch.size(), e);
            accounts.unwritten(stream.name(), DropCause.CONNECTOR_FAILED, batch.size());
        }
    }

    /** Sends what is on disk, as far as there is room on the way. */
    private void pump(SpooledStream stream) {
        while (stream.hasRoom()) {
            var number = store.next(stream.name(), stream.next());
            if (number.isEmpty()) {
                return;
            }
            if (bytesOnTheWay() >= MOST_BYTES_ON_THE_WAY && stream.bytesOnTheWay() > 0) {
                starved = true;
                return;
            }
            send(stream, stream.begin(number.get(), store.read(stream.name(), number.get())));
        }
    }

    private void send(SpooledStream stream, SpooledStream.Entry entry) {
        Future<SendResult> sent;
        try {
            sent = connector.send(stream.attempt(), entry.left());
        } catch (RuntimeException e) {
            sent = Future.failedFuture(e);
        }
        sent.otherwise(_ -> SendResult.again(entry.left().size()))
                .onComplete(result -> soon(() -> settle(stream, entry, result.result())));
    }

    private void settle(SpooledStream stream, SpooledStream.Entry entry, SendResult result) {
        accounts.delivered(stream.name(), result.delivered());
        accounts.refused(stream.name(), result.refused());
        boolean quiet = writes.isEmpty();
        writes.add(stream.settle(entry, result));
        if (quiet && !writes.isEmpty()) {
            after(REMOVE_MILLIS, TimeUnit.MILLISECONDS, this::write);
        }
        if (stream.isToPause()) {
            after(stream.pauseMillis(), TimeUnit.MILLISECONDS, () -> {
                stream.restart().forEach(again -> send(stream, again));
                pump(stream);
            });
        }
        if (starved) {
            starved = false;
            streams.values().forEach(this::pump);
        } else {
            pump(stream);
        }
        tellWhenDrained();
    }

    private long bytesOnTheWay() {
        return streams.values().stream().mapToLong(SpooledStream::bytesOnTheWay).sum();
    }

    private void tellWhenDrained() {
        if (drained != null && accounts.waiting() == 0) {
            drained.tryComplete();
        }
    }

    private void soon(Runnable task) {
        after(0, TimeUnit.NANOSECONDS, task);
    }

    /** Does something on the thread; nothing after {@link #close}. */
    private void after(long delay, TimeUnit unit, Runnable task) {
        var _ = thread.schedule(() -> guarded(task), delay, unit);
    }

    private void guarded(Runnable task) {
        try {
            task.run();
            oldestMillis = streams.values().stream()
                    .mapToLong(SpooledStream::oldestMillis)
                    .min()
                    .orElse(Long.MAX_VALUE);
            bytes = streams.values().stream().mapToLong(SpooledStream::bytes).sum();
        } catch (RuntimeException e) { // a file that others have damaged, say
            LOG.error("spool of connector `{}` failed", name, e);
        }
    }

    private static long cost(OutputBatch batch) {
        return batch.byteSize() + BATCH_OVERHEAD;
    }
}

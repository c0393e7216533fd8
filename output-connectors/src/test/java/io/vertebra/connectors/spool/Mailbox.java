package io.vertebra.connectors.spool;

import io.vertebra.connectors.spi.Attempt;
import io.vertebra.connectors.spi.DurableConnector;
import io.vertebra.connectors.spi.SendResult;
import io.vertebra.connectors.spi.WriteResult;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** A destination that can be closed and opened, refuses what it is told to, and remembers what came. Thread-safe. */
final class Mailbox implements DurableConnector {

    private final List<Long> arrived = new ArrayList<>();
    private final List<Runnable> held = new ArrayList<>();
    private LongPredicate refused = _ -> false;
    private LongPredicate again = _ -> false;
    private boolean open = true;

    /** Nothing is acknowledged until {@link #open}. */
    synchronized Mailbox closed() {
        open = false;
        return this;
    }

    synchronized void open() {
        open = true;
        held.forEach(Runnable::run);
        held.clear();
    }

    synchronized void refuse(LongPredicate records) {
        refused = records;
    }

    synchronized void sendAgain(LongPredicate records) {
        again = records;
    }

    /** The numbers of the records that came, in order. */
    synchronized List<Long> arrived() {
        return List.copyOf(arrived);
    }

    @Override
    public List<byte[]> encode(OutputBatch batch) {
        return IntStream.range(0, batch.size())
                .mapToObj(i -> ByteBuffer.allocate(100)
                        .putLong(batch.firstSequence() + i)
                        .array())
                .toList();
    }

    @Override
    public synchronized Future<SendResult> send(Attempt attempt, List<byte[]> records) {
        var promise = Promise.<SendResult>promise();
        Runnable delivery = () -> promise.complete(deliver(attempt, records));
        if (open) {
            delivery.run();
        } else {
            held.add(delivery);
        }
        return promise.future();
    }

    private SendResult deliver(Attempt attempt, List<byte[]> records) {
        if (attempt.failed()) {
            return SendResult.again(records.size());
        }
        int bad = 0;
        var later = new BitSet();
        for (int i = 0; i < records.size(); i++) {
            long number = ByteBuffer.wrap(records.get(i)).getLong();
            if (refused.test(number)) {
                bad++;
            } else if (again.test(number)) {
                later.set(i);
                attempt.fail();
            } else {
                arrived.add(number);
            }
        }
        return new SendResult(records.size() - bad - later.cardinality(), bad, later);
    }

    @Override
    public Future<Void> start() {
        return Future.succeededFuture();
    }

    @Override
    public Future<WriteResult> write(OutputBatch batch) {
        return Future.failedFuture("only what is delivered at least once comes here");
    }

    @Override
    public Future<Void> stop(Duration grace) {
        return Future.succeededFuture();
    }
}

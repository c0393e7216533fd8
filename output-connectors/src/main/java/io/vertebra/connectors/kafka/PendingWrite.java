package io.vertebra.connectors.kafka;

import io.vertebra.connectors.spi.LossLog;
import io.vertebra.connectors.spi.WriteResult;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;

/** One batch on its way: completes when the fate of its last record is known. Thread-safe. */
final class PendingWrite {

    private final Promise<WriteResult> promise;
    private final AtomicInteger open;
    private final AtomicInteger failed = new AtomicInteger();
    private final int size;
    private final LossLog losses;

    PendingWrite(int size, Promise<WriteResult> promise, LossLog losses) {
        this.size = size;
        this.losses = losses;
        this.open = new AtomicInteger(size);
        this.promise = promise;
    }

    /** Gives up records that were never sent. */
    void fail(int records) {
        failed.addAndGet(records);
        settle(records);
    }

    /** The callback for one record. */
    Ack ack() {
        return new Ack();
    }

    private void settle(int records) {
        if (records > 0 && open.addAndGet(-records) == 0) {
            promise.complete(new WriteResult(size - failed.get(), failed.get()));
        }
    }

    /** One record's end, counted once however often the producer reports it. */
    final class Ack implements Callback {
        private Exception error;
        private boolean done;

        @Override
        public synchronized void onCompletion(RecordMetadata metadata, Exception exception) {
            if (done) {
                return;
            }
            done = true;
            error = exception;
            if (exception == null) {
                settle(1);
            } else {
                losses.lost(1, exception);
                fail(1);
            }
        }

        /** Why the record failed, null when it has not (yet). */
        synchronized Exception error() {
            return error;
        }
    }
}

package io.vertebra.connectors.kafka;

import io.vertebra.connectors.spi.Attempt;
import io.vertebra.connectors.spi.SendResult;
import io.vertx.core.Promise;
import java.util.BitSet;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/** Some records on their way: completes when the fate of the last is known. Thread-safe. */
final class PendingSend {

    private final Attempt attempt;
    private final Promise<SendResult> promise;
    private final BitSet again = new BitSet();
    private final BitSet open = new BitSet();
    private int delivered;
    private int refused;
    private Exception cause;

    PendingSend(Attempt attempt, int records, Promise<SendResult> promise) {
        this.attempt = attempt;
        this.promise = promise;
        open.set(0, records);
    }

    /** The callback for one record; what comes after the first call is ignored. */
    Callback ack(int index) {
        return (_, error) -> settle(index, error);
    }

    /** Those from one on were not sent. */
    void unsent(int from, Exception why) {
        for (int i = nextOpen(from); i >= 0; i = nextOpen(i + 1)) {
            settle(i, why);
        }
    }

    private synchronized int nextOpen(int from) {
        return open.nextSetBit(from);
    }

    /** Whether nothing more is to be sent: something has to come again, and must not come later than this. */
    boolean failed() {
        return attempt.failed();
    }

    /** Why the first record that did not arrive did not; null for none. */
    synchronized Exception cause() {
        return cause;
    }

    private void settle(int index, Exception error) {
        synchronized (this) {
            if (!open.get(index)) {
                return;
            }
            open.clear(index);
            cause = cause == null ? error : cause;
            if (error == null) {
                delivered++;
            } else if (isForGood(error)) {
                refused++;
            } else {
                again.set(index);
                attempt.fail();
            }
            if (!open.isEmpty()) {
                return;
            }
        }
        promise.complete(new SendResult(delivered, refused, again));
    }

    /** Whether the record itself is what the broker does not take: all else may be mended while it waits. */
    private static boolean isForGood(Exception error) {
        return error instanceof RecordTooLargeException
                || error instanceof RecordBatchTooLargeException
                || error instanceof SerializationException
                || error instanceof InvalidRecordException
                || error instanceof InvalidTimestampException;
    }
}

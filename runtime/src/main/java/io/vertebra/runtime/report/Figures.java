package io.vertebra.runtime.report;

import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.RunTimes;
import io.vertebra.runtime.dispatch.Attachment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a codelet, or those of a hook, have done.
 *
 * @param runs runs that ended, normally or not
 * @param errors of these, runs that faulted
 * @param dropped events that were never run
 * @param times how long timed runs took
 */
record Figures(long runs, long errors, long dropped, RunTimes times) {

    static final Figures NONE = new Figures(0, 0, 0, RunTimes.NONE);

    static Figures of(Attachment attachment, AttachmentAccount account) {
        long dropped =
                account.dropped().values().stream().mapToLong(Long::longValue).sum();
        return new Figures(account.ok() + account.failed(), account.failed(), dropped, attachment.runTimes());
    }

    Figures plus(Figures other) {
        return new Figures(runs + other.runs, errors + other.errors, dropped + other.dropped, times.plus(other.times));
    }

    Figures since(Figures before) {
        return new Figures(
                runs - before.runs, errors - before.errors, dropped - before.dropped, times.since(before.times));
    }

    /** The histogram as codelets read it. */
    byte[] histogram() {
        var bytes = ByteBuffer.allocate(Long.SIZE * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        times.slots().forEach(bytes::putLong);
        return bytes.array();
    }
}

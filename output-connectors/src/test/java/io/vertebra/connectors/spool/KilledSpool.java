package io.vertebra.connectors.spool;

import io.vertebra.config.Delivery.AtLeastOnce;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.spool.SpooledQueueTest.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A process to be killed: some of its records are on disk, and some wait for a write that is far away. */
final class KilledSpool {

    static final int WRITTEN = 300;
    static final long NEVER_WRITTEN = 40;

    private KilledSpool() {}

    public static void main(String[] arguments) throws InterruptedException {
        var spool = new Spool(Path.of(arguments[0]), new Mailbox().closed());
        var soon = TestRecords.spooled("s", new AtLeastOnce(1 << 20, Duration.ofMillis(1), false));
        spool.offer(soon, 0, WRITTEN, 10);
        SpooledQueueTest.await(() -> spool.onDisk() == WRITTEN);
        var late = TestRecords.spooled("s", new AtLeastOnce(1 << 20, AtLeastOnce.LONGEST_DELAY, false));
        spool.offer(late, WRITTEN, (int) NEVER_WRITTEN, 10);
        System.out.println("now");
        new CountDownLatch(1).await();
    }
}

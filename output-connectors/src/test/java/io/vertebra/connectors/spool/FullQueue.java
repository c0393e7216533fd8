package io.vertebra.connectors.spool;

import io.vertebra.config.Delivery.AtLeastOnce;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.spool.SpooledQueueTest.Spool;
import io.vertebra.runtime.account.DropCause;
import java.nio.file.Path;
import java.time.Duration;

/** More records than the disk and memory have room for while nobody takes them; then somebody does. */
final class FullQueue {

    private static final int RECORDS = 100_000;

    private FullQueue() {}

    public static void main(String[] arguments) {
        var mailbox = new Mailbox().closed();
        var spool = new Spool(Path.of(arguments[0]), mailbox);
        var stream = TestRecords.spooled("s", new AtLeastOnce(1L << 30, Duration.ofMillis(1), false));
        spool.offer(stream, 0, RECORDS, 50);
        SpooledQueueTest.await(() -> spool.account().dropped().containsKey(DropCause.SPOOL_FULL));
        mailbox.open();
        SpooledQueueTest.await(() -> spool.account().waiting() == 0);
        long dropped = spool.account().dropped().get(DropCause.SPOOL_FULL);
        if (mailbox.arrived().size() + dropped != RECORDS || spool.account().missing() != 0) {
            throw new AssertionError(mailbox.arrived().size() + " arrived: " + spool.account());
        }
        spool.close();
        System.out.println("delivered all that was taken");
    }
}

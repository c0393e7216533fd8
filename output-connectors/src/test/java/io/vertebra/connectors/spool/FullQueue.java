package io.vertebra.connectors.spool;

import io.vertebra.config.Delivery.AtLeastOnce;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.spool.SpooledQueueTest.Spool;
import io.vertebra.runtime.account.DropCause;
import java.nio.file.Path;
import java.time.Duration;

/**
 * More records than the disk and memory have room for while nobody takes them; then somebody does, or, when an argument asks
 * for it, the process ends in order.
 */
final class FullQueue {

    static final int RECORDS = 100_000;

    private FullQueue() {}

    public static void main(String[] arguments) {
        var mailbox = new Mailbox().closed();
        var spool = new Spool(Path.of(arguments[0]), mailbox);
        var stream = TestRecords.spooled("s", new AtLeastOnce(1L << 30, Duration.ofMillis(1), false));
        spool.offer(stream, 0, RECORDS, 50);
        SpooledQueueTest.await(() -> spool.account().dropped().containsKey(DropCause.SPOOL_FULL));
        if (arguments.length > 1) {
            spool.close();
            System.out.println("dropped " + dropped(spool));
        } else {
            mailbox.open();
            SpooledQueueTest.await(() -> spool.account().waiting() == 0);
            if (mailbox.arrived().size() + dropped(spool) != RECORDS
                    || spool.account().missing() != 0) {
                throw new AssertionError(mailbox.arrived().size() + " arrived: " + spool.account());
            }
            spool.close();
            System.out.println("delivered all that was taken");
        }
    }

    private static long dropped(Spool spool) {
        return spool.account().dropped().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }
}

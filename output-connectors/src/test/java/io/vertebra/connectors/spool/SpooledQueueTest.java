package io.vertebra.connectors.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.config.Delivery.AtLeastOnce;
import io.vertebra.connectors.ChildJvm;
import io.vertebra.connectors.TestRecords;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertx.core.Future;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpooledQueueTest {

    private static final long MEMORY = 1 << 20;
    private static final StreamDescriptor STREAM = TestRecords.spooled("s", AtLeastOnce.DEFAULT);

    @TempDir
    Path folder;

    @Test
    void shouldDeliverInOrderAndKeepNothing() throws Exception {
        var mailbox = new Mailbox();
        try (var spool = new Spool(folder, mailbox)) {
            spool.offer(STREAM, 0, 1_000, 10);
            await(() -> mailbox.arrived().size() == 1_000);
            assertThat(mailbox.arrived()).isEqualTo(numbers(0, 1_000));
            await(() -> spool.account().waiting() == 0);
            assertThat(spool.account()).isEqualTo(new OutputAccount("s", "box", 1_000, 1_000, Map.of(), 0));
        }
        try (var store = SpoolStore.open(folder.resolve("box.mv"))) {
            assertThat(store.totals("s").records()).isZero();
            assertThat(store.totals("s").bytes()).isZero();
        }
    }

    @Test
    void shouldKeepWhatIsNotAcknowledgedForTheNextStart() throws Exception {
        var gone = new Mailbox().closed();
        try (var spool = new Spool(folder, gone)) {
            spool.offer(STREAM, 0, 500, 7);
            await(() -> spool.onDisk() == 500);
        }
        var back = new Mailbox();
        try (var spool = new Spool(folder, back)) {
            await(() -> back.arrived().size() == 500);
            spool.offer(STREAM, 1_000, 10, 10);
            await(() -> back.arrived().size() == 510);
            assertThat(back.arrived().subList(0, 500)).isEqualTo(numbers(0, 500));
            assertThat(spool.account().emitted()).isEqualTo(510);
            assertThat(spool.account().missing()).isZero();
        }
        var again = new Mailbox();
        try (var spool = new Spool(folder, again)) {
            assertThat(spool.queue.accounts()).isEmpty();
        }
        assertThat(again.arrived()).isEmpty();
    }

    @Test
    void shouldRefuseTheNewestBeyondTheQuota() throws Exception {
        var owed = new AtLeastOnce(AtLeastOnce.LEAST_BYTES, Duration.ofMillis(1), false);
        var stream = TestRecords.spooled("s", owed);
        var mailbox = new Mailbox().closed();
        try (var spool = new Spool(folder, mailbox)) {
            spool.offer(stream, 0, 2_000, 10);
            await(() -> spool.account().dropped().containsKey(DropCause.SPOOL_FULL)
                    && spool.onDisk() + spool.account().dropped().get(DropCause.SPOOL_FULL) == 2_000);
            long kept = spool.onDisk();
            assertThat(kept).isBetween(500L, AtLeastOnce.LEAST_BYTES / 104);
            assertThat(spool.account().missing()).isZero();
            mailbox.open();
            await(() -> spool.account().delivered() == kept);
            assertThat(mailbox.arrived()).isEqualTo(numbers(0, (int) kept));
            spool.offer(stream, 2_000, 10, 10); // there is room again
            await(() -> spool.account().delivered() == kept + 10);
        }
    }

    @Test
    void shouldSendAgainInOrderAndNothingTwice() throws Exception {
        var mailbox = new Mailbox();
        mailbox.sendAgain(number -> number >= 120);
        try (var spool = new Spool(folder, mailbox)) {
            spool.offer(STREAM, 0, 400, 50);
            await(() -> mailbox.arrived().size() == 120);
            mailbox.sendAgain(_ -> false);
            await(() -> mailbox.arrived().size() == 400);
            assertThat(mailbox.arrived()).isEqualTo(numbers(0, 400));
            await(() -> spool.account().equals(new OutputAccount("s", "box", 400, 400, Map.of(), 0)));
        }
    }

    @Test
    void shouldCountWhatTheDestinationNeverTakesAndGoOn() throws Exception {
        var mailbox = new Mailbox();
        mailbox.refuse(number -> number % 100 == 7);
        try (var spool = new Spool(folder, mailbox)) {
            spool.offer(STREAM, 0, 1_000, 30);
            await(() -> spool.account().waiting() == 0);
            assertThat(spool.account())
                    .isEqualTo(new OutputAccount("s", "box", 1_000, 990, Map.of(DropCause.CONNECTOR_FAILED, 10L), 0));
        }
    }

    @Test
    void shouldSendOtherStreamsWhileOneCannotBe() throws Exception {
        var mailbox = new Mailbox();
        mailbox.sendAgain(number -> number < 1_000);
        var other = TestRecords.spooled("other", AtLeastOnce.DEFAULT);
        try (var spool = new Spool(folder, mailbox)) {
            spool.offer(STREAM, 0, 100, 10);
            spool.offer(other, 1_000, 100, 10);
            await(() -> mailbox.arrived().equals(numbers(1_000, 100)));
        }
    }

    /** Memory is bounded while nothing can be written, and everything that was taken arrives in the end. */
    @Test
    void shouldRefuseWhenItCannotWrite() throws Exception {
        var said = ChildJvm.runWithFilesUpTo(4_096, FullQueue.class, folder.toString());
        assertThat(said)
                .contains("spool of connector `box` cannot be written: ")
                .endsWith("delivered all that was taken\n");
    }

    @Test
    void shouldCountWhatItCouldNotWriteWhenItCloses() throws Exception {
        var said = ChildJvm.runWithFilesUpTo(4_096, FullQueue.class, folder.toString(), "close");
        long dropped = Long.parseLong(said.substring(said.lastIndexOf(' ') + 1).strip());
        var mailbox = new Mailbox();
        try (var spool = new Spool(folder, mailbox)) {
            await(() -> spool.account().waiting() == 0);
            assertThat(spool.account().dropped()).isEmpty();
            assertThat(mailbox.arrived().size() + dropped).isEqualTo(FullQueue.RECORDS);
            assertThat(mailbox.arrived()).isSorted();
        }
    }

    @Test
    void shouldTellWhatAKilledProcessHadNotWritten() throws Exception {
        var process = ChildJvm.of(KilledSpool.class, folder.toString()).start();
        try (var said = process.inputReader()) {
            String line;
            do {
                line = said.readLine();
                assertThat(line).isNotNull();
            } while (!line.equals("now"));
        } finally {
            process.destroyForcibly().waitFor();
        }
        var mailbox = new Mailbox();
        try (var spool = new Spool(folder, mailbox)) {
            await(() -> spool.account().waiting() == 0);
            var dropped = spool.account().dropped();
            assertThat(dropped.get(DropCause.LOST_IN_CRASH)).isEqualTo(KilledSpool.NEVER_WRITTEN);
            assertThat(mailbox.arrived()).isEqualTo(numbers(0, KilledSpool.WRITTEN));
            assertThat(spool.account().missing()).isZero();
        }
        try (var spool = new Spool(folder, mailbox)) {
            assertThat(spool.queue.accounts()).as("told once").isEmpty();
        }
    }

    @Test
    void shouldNotShareItsFolder() {
        try (var _ = SpoolFolder.open(folder)) {
            assertThatThrownBy(() -> SpoolFolder.open(folder))
                    .isInstanceOf(ConnectorException.class)
                    .hasMessage("spool `" + folder + "` is in use by another Vertebra: give each a folder of its own");
        }
    }

    @Test
    void shouldNameAFolderThatCannotBeUsed() throws Exception {
        var file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> SpoolFolder.open(file.resolve("spool")))
                .isInstanceOf(ConnectorException.class)
                .hasMessageStartingWith("spool `" + file + "/spool` cannot be used: ");
    }

    /** A spool with one connector {@code box}. */
    static final class Spool implements AutoCloseable {
        private final SpoolFolder folder;
        final SpooledQueue queue;

        Spool(Path path, Mailbox mailbox) {
            folder = SpoolFolder.open(path);
            queue = folder.queue("box", mailbox, MEMORY);
            folder.begin();
            queue.expect(STREAM);
        }

        /** Records as the stream's drain would hand them over, counted as its ring would. */
        void offer(StreamDescriptor stream, long first, int records, int batch) {
            var counter = folder.submitted(stream.name());
            for (int i = 0; i < records; i += batch) {
                int size = Math.min(batch, records - i);
                ValueLayout.JAVA_LONG.varHandle().getAndAdd(counter, 0L, (long) size);
                queue.offer(TestRecords.batch(stream, first + i, size));
            }
        }

        OutputAccount account() {
            return queue.accounts().stream()
                    .filter(a -> a.stream().equals("s"))
                    .findFirst()
                    .orElseThrow();
        }

        long onDisk() {
            return queue.onDisk("s");
        }

        @Override
        public void close() {
            get(queue.drain(Duration.ofMillis(200)));
            get(queue.close());
            folder.close();
        }
    }

    static void get(Future<Void> future) {
        future.toCompletionStage().toCompletableFuture().join();
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    static List<Long> numbers(long first, int count) {
        return LongStream.range(first, first + count).boxed().toList();
    }
}

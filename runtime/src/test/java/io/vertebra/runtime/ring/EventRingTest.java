package io.vertebra.runtime.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventRingTest {

    private final EventRing ring = new EventRing(256);

    @Test
    void shouldHandOverRecordsInClaimOrder() {
        int first = publish(ring, 3, 7, 11);
        publish(ring, 2, 8, 22);

        assertThat(first).isZero();
        assertThat(readAll(ring)).containsExactly("7: 11 (3)", "8: 22 (2)");
        assertThat(readAll(ring)).isEmpty();
    }

    @Test
    void shouldWaitForAnUncommittedRecord() {
        int claimed = ring.claim(2);
        publish(ring, 2, 2, 22);

        assertThat(readAll(ring)).isEmpty();
        ring.words()[claimed + 1] = 11;
        ring.commit(claimed, 2, 1);
        assertThat(readAll(ring)).containsExactly("1: 11 (2)", "2: 22 (2)");
    }

    @Test
    void shouldReportDiscardedRecordsByType() {
        int claimed = ring.claim(4);
        ring.words()[claimed + 1] = 99;
        ring.words()[claimed] = EventRing.discarded(4, 5);

        assertThat(readAll(ring)).containsExactly("discarded 5");
    }

    @Test
    void shouldRefuseWhenFullAndAcceptAfterReading() {
        for (int i = 0; i < 4; i++) {
            assertThat(publish(ring, 8, 1, i)).isNotNegative();
        }
        assertThat(ring.claim(1)).isEqualTo(EventRing.INSUFFICIENT_CAPACITY);
        assertThat(ring.usedBytes()).isEqualTo(ring.capacityBytes());
        assertThat(read(ring, 1)).containsExactly("1: 0 (8)");
        assertThat(ring.claim(8)).isNotNegative();
    }

    @Test
    void shouldFillTheEndSoThatRecordsNeverWrap() {
        for (int i = 0; i < 4; i++) {
            publish(ring, 7, 1, i);
        }
        readAll(ring);
        assertThat(publish(ring, 7, 1, 4)).isZero();
        assertThat(readAll(ring)).containsExactly("1: 4 (7)");
        assertThat(ring.usedBytes()).isZero();
    }

    @Test
    void shouldLeaveZeroesBehind() {
        publish(ring, 8, 1, -1);
        readAll(ring);
        assertThat(Arrays.copyOf(ring.words(), 32)).containsOnly(0);
    }

    @Test
    void shouldReadOnAfterAHandlerThrew() {
        publish(ring, 2, 1, 1);
        publish(ring, 2, 1, 2);
        try {
            ring.read(
                    new RecordHandler() {
                        @Override
                        public void committed(int type, int index, int words) {
                            throw new IllegalStateException("expected");
                        }

                        @Override
                        public void discarded(int type) {}
                    },
                    10);
        } catch (IllegalStateException _) {
            // the batch ends here
        }
        assertThat(readAll(ring)).containsExactly("1: 2 (2)");
    }

    @Test
    void shouldCountWaitingRecordsByWalking() {
        publish(ring, 2, 3, 0);
        publish(ring, 5, 4, 0);
        ring.words()[ring.claim(2)] = EventRing.discarded(2, 3);

        List<Integer> types = new ArrayList<>();
        ring.forEachWaiting(types::add);
        assertThat(types).containsExactly(3, 4, 3);
    }

    @Test
    void shouldAskOneProducerToWakeAParkedConsumer() {
        assertThat(ring.mustWake()).isFalse();
        assertThat(ring.park()).isTrue();
        publish(ring, 2, 1, 1);
        assertThat(ring.mustWake()).isTrue();
        assertThat(ring.mustWake()).isFalse();
        assertThat(ring.park()).as("a record waits").isFalse();
        assertThat(ring.mustWake()).isFalse();
        ring.wakeFailed();
        assertThat(ring.mustWake()).isTrue();
    }

    @Test
    void shouldRefuseOddCapacities() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EventRing(100))
                .withMessage("ring: 100 bytes, allowed is a power of two of at least 64");
    }

    @Test
    void shouldLoseAndDuplicateNothingUnderManyProducers() throws InterruptedException {
        long seed = new Random().nextLong();
        int producers = 8;
        int each = 20_000;
        var shared = new EventRing(4096);
        var refused = new AtomicLong();
        List<Thread> threads = new ArrayList<>();
        for (int p = 0; p < producers; p++) {
            int producer = p;
            var random = new Random(seed + p);
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; ) {
                    int length = 3 + random.nextInt(20);
                    int index = shared.claim(length);
                    if (index < 0) {
                        refused.incrementAndGet();
                        LockSupport.parkNanos(1_000);
                        continue;
                    }
                    Arrays.fill(shared.words(), index + 1, index + length, ((long) producer << 32) | i);
                    if (random.nextInt(10) == 0) {
                        shared.words()[index] = EventRing.discarded(length, producer + 1);
                    } else {
                        shared.commit(index, length, producer + 1);
                    }
                    i++;
                }
            }));
        }
        long[] next = new long[producers];
        var discarded = new AtomicInteger();
        var torn = new AtomicInteger();
        var checker = new RecordHandler() {
            @Override
            public void committed(int type, int index, int words) {
                long value = shared.words()[index + 1];
                for (int i = index + 1; i < index + words; i++) {
                    if (shared.words()[i] != value || (int) (value >>> 32) != type - 1) {
                        torn.incrementAndGet();
                    }
                }
                if ((int) value < next[type - 1]) {
                    torn.incrementAndGet();
                }
                next[type - 1] = (int) value + 1L;
                seen[type - 1]++;
            }

            @Override
            public void discarded(int type) {
                discarded.incrementAndGet();
            }

            final long[] seen = new long[producers];
        };
        long total = 0;
        while (total < (long) producers * each) {
            total += shared.read(checker, 64);
        }
        for (var thread : threads) {
            thread.join();
        }
        assertThat(torn).as("seed %s", seed).hasValue(0);
        assertThat(Arrays.stream(checker.seen).sum() + discarded.get())
                .as("seed %s", seed)
                .isEqualTo((long) producers * each);
        assertThat(readAll(shared)).isEmpty();
        assertThat(shared.usedBytes()).isZero();
    }

    @Test
    void shouldNeverSleepWhileARecordWaits() throws InterruptedException {
        int producers = 3;
        int each = 20_000;
        var shared = new EventRing(4096);
        var wakeUps = new Semaphore(0);
        var wakes = new AtomicLong();
        var done = new CountDownLatch(producers);
        for (int p = 0; p < producers; p++) {
            Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; ) {
                    int index = shared.claim(2);
                    if (index >= 0) {
                        i++;
                        shared.commit(index, 2, 1);
                        if (shared.mustWake()) {
                            wakes.incrementAndGet();
                            wakeUps.release();
                        }
                    }
                }
                done.countDown();
            });
        }
        var handler = new Collector(shared);
        int read = 0;
        long parks = 0;
        int all = producers * each;
        while (read < all) {
            int batch = shared.read(handler, 16);
            read += batch;
            if (batch == 0 && shared.park()) {
                parks++;
                wakeUps.acquire(); // hangs, and the test times out, if a wake-up is lost
            }
        }
        done.await();
        assertThat(read).isEqualTo(all);
        assertThat(wakes.get()).isLessThanOrEqualTo(parks + 1);
    }

    private static int publish(EventRing ring, int length, int type, long value) {
        int index = ring.claim(length);
        if (index >= 0) {
            ring.words()[index + 1] = value;
            ring.commit(index, length, type);
        }
        return index;
    }

    private static List<String> readAll(EventRing ring) {
        return read(ring, Integer.MAX_VALUE);
    }

    private static List<String> read(EventRing ring, int limit) {
        var collector = new Collector(ring);
        ring.read(collector, limit);
        return collector.seen;
    }

    private record Collector(EventRing ring, List<String> seen) implements RecordHandler {
        Collector(EventRing ring) {
            this(ring, new ArrayList<>());
        }

        @Override
        public void committed(int type, int index, int words) {
            seen.add(type + ": " + ring.words()[index + 1] + " (" + words + ")");
        }

        @Override
        public void discarded(int type) {
            seen.add("discarded " + type);
        }
    }
}

package io.vertebra.runtime.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InlineSlotsTest {

    private final InlineSlots slots = new InlineSlots(4, 1);

    private static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    @Test
    void shouldWaitForARunThatBeginsWhileItWaits() throws InterruptedException {
        var taken = new CountDownLatch(1);
        var awaited = new CountDownLatch(1);
        var firing = Thread.ofPlatform().start(() -> {
            var slot = slots.take(); // has seen that its table is open, and is about to run
            taken.countDown();
            try {
                Thread.sleep(20);
                slot.begin(null);
                awaited.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            slot.end();
            slots.give(slot);
        });
        taken.await();
        assertThat(slots.awaitRuns(in(Duration.ofMillis(200))))
                .as("the run is under way")
                .isFalse();
        awaited.countDown();
        assertThat(slots.awaitRuns(in(Duration.ofSeconds(30)))).isTrue();
        firing.join();
    }

    @Test
    void shouldNotWaitForLaterRuns() throws InterruptedException {
        var stop = new CountDownLatch(1);
        var firing = Thread.ofPlatform().start(() -> {
            while (stop.getCount() > 0) {
                var slot = slots.take();
                slot.begin(null);
                slot.end();
                slots.give(slot);
            }
        });
        for (int i = 0; i < 1_000; i++) {
            assertThat(slots.awaitRuns(in(Duration.ofSeconds(30)))).isTrue();
        }
        stop.countDown();
        firing.join();
    }
}

package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.helper.HelperGroup;
import io.vertebra.vm.helper.HelperGroup.Helper;
import io.vertx.core.Vertx;
import java.lang.invoke.MethodHandles;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CoreVerticleTest {

    private static final int CORES = 2;
    private static final int LOOPS = 4;
    private static final int EXCHANGES = 2_000;

    /** In place of bpf_ktime_get_ns, which the example's codelets call in each run. */
    @HelperGroup("")
    interface Clock {
        @Helper(id = 5, overrides = true)
        long now();
    }

    @Test
    void shouldRunQueuedCodeletsOnItsOwnEventLoopsOnly() throws Exception {
        Set<Thread> running = ConcurrentHashMap.newKeySet();
        Set<Thread> ran; // until the close, which helps the cores
        Set<Thread> firing = ConcurrentHashMap.newKeySet();
        var application = Vertx.vertx();
        var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0).withCores(CORES));
        try (vertebra) {
            vertebra.helpers(MethodHandles.lookup(), Clock.class, () -> {
                running.add(Thread.currentThread());
                return System.nanoTime();
            });
            Gateway.load(vertebra);
            var fired = new CountDownLatch(LOOPS);
            for (int i = 0; i < LOOPS; i++) {
                int first = i * EXCHANGES;
                var loop = application.getOrCreateContext();
                loop.runOnContext(_ -> {
                    firing.add(Thread.currentThread());
                    Gateway.exchanges(first, EXCHANGES);
                    fired.countDown();
                });
            }
            fired.await();
            Gateway.settle(vertebra);
            ran = Set.copyOf(running);
        } finally {
            application.close().await();
        }
        assertThat(vertebra.accounts()).anyMatch(account -> account.ok() > 0);
        assertThat(firing).isNotEmpty();
        assertThat(ran)
                .hasSizeBetween(1, CORES)
                .allMatch(thread -> thread.getName().startsWith("vert.x-eventloop-thread"))
                .doesNotContainAnyElementsOf(firing);
    }

    /** A stack that ends inside what wakes the core may not leave it asleep for ever. */
    @Test
    void shouldWakeAfterStacksThatEndedInsideHooks() throws Exception {
        try (var vertebra = Vertebra.start(VertebraConfig.defaults().withPort(0).withCores(1))) {
            Gateway.load(vertebra);
            for (int i = 0; i < 5; i++) {
                var thread = new Thread(null, CoreVerticleTest::overflow, "deep", 256 << 10);
                thread.start();
                thread.join();
                Gateway.settle(vertebra);
            }
            assertThat(vertebra.accounts()).anyMatch(account -> account.ok() > 0);
        }
    }

    private static void overflow() {
        try {
            deeper(0);
        } catch (StackOverflowError _) {
            // what the test is about
        }
    }

    /** Fires first where the stack is about to end, then at every depth above: the core sleeps until then. */
    private static int deeper(int depth) {
        try {
            return depth < 0 ? 0 : deeper(depth + 1) + 1;
        } catch (StackOverflowError e) {
            Gateway.exchanges(0, 1);
            throw e;
        }
    }
}

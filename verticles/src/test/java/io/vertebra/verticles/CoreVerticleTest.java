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
}

package io.vertebra.runtime.codelet;

import io.vertebra.runtime.dispatch.CoreDispatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** Threads that drive a runtime's cores as an event loop would: until it is idle, then asleep until woken. */
public final class Cores implements AutoCloseable {

    private final List<Thread> threads = new ArrayList<>();
    private final List<Semaphore> wakeUps = new ArrayList<>();
    private volatile boolean stopped;

    /** Begins to drive the cores. */
    public Cores(CodeletRuntime runtime) {
        for (var core : runtime.cores()) {
            var wakeUp = new Semaphore(0);
            wakeUps.add(wakeUp);
            core.onWake(wakeUp::release);
            threads.add(Thread.ofPlatform().start(() -> drive(core, wakeUp)));
        }
    }

    private void drive(CoreDispatcher core, Semaphore wakeUp) {
        while (!stopped) {
            if (core.runOnce(64) == 0 && core.park()) {
                wakeUp.acquireUninterruptibly();
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        wakeUps.forEach(Semaphore::release);
        for (var thread : threads) {
            boolean ended = false;
            while (!ended) {
                ended = joined(thread);
            }
        }
    }

    private static boolean joined(Thread thread) {
        try {
            thread.join();
            return true;
        } catch (InterruptedException _) {
            return false;
        }
    }
}

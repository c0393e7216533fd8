package io.vertebra.runtime.codelet;

import io.vertebra.runtime.dispatch.CoreDispatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Threads that drive a runtime's cores as an event loop would: until it is idle, then asleep until woken. */
public final class Cores implements AutoCloseable {

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /** Begins to drive the cores. */
    public Cores(CodeletRuntime runtime) {
        for (var core : runtime.cores()) {
            var thread = Thread.ofPlatform().unstarted(() -> drive(core));
            // A lock's own state would not survive the end of the stack in the thread that wakes.
            core.onWake(() -> LockSupport.unpark(thread));
            threads.add(thread);
            thread.start();
        }
    }

    private void drive(CoreDispatcher core) {
        while (!stopped) {
            if (core.runOnce(64) == 0 && core.park()) {
                LockSupport.park();
            }
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.forEach(LockSupport::unpark);
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

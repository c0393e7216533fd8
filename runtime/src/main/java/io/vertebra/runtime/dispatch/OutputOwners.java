package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.OutputDrain;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Which core drains which stream. Thread-safe. */
final class OutputOwners {

    private static final int DRAIN_BATCH = 256;
    private static final long POLL_NANOS = 200_000;
    private static final Duration TURN_PATIENCE = Duration.ofSeconds(1);

    private final CoreDispatcher[] cores;
    private final Map<OutputDrain, CoreDispatcher> owners = new HashMap<>();
    private int next;

    OutputOwners(CoreDispatcher[] cores) {
        this.cores = cores;
    }

    /** Gives a stream to the next core. */
    synchronized void add(OutputDrain output) {
        var owner = cores[next++ % cores.length];
        owners.put(output, owner);
        owner.add(output);
    }

    private synchronized CoreDispatcher forget(OutputDrain output) {
        return owners.remove(output);
    }

    /** As {@link Dispatcher#remove}. */
    void remove(OutputDrain output, Consumer<OutputBatch> sink, Duration atMost) {
        var core = forget(output);
        if (core == null) {
            return;
        }
        core.remove(output);
        long deadline = System.nanoTime() + Math.max(atMost.toNanos(), TURN_PATIENCE.toNanos());
        while (!core.exclusively(() -> drainAndStop(output, sink)) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static void drainAndStop(OutputDrain output, Consumer<OutputBatch> sink) {
        int drained = sink == null ? 0 : DRAIN_BATCH;
        while (drained > 0) {
            drained = output.drain(DRAIN_BATCH, sink);
        }
        output.stop();
    }
}

package io.vertebra.runtime.dispatch;

import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.OutputDrain;
import io.vertebra.runtime.ring.EventRing;
import io.vertebra.runtime.ring.RecordHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * One core: its event ring, the context that its codelets run in, and the output ring buffers that it owns. Whoever
 * drives a core repeats {@link #runOnce} while it finds work, then asks {@link #park}, and after true waits for what
 * {@link #onWake} calls.
 *
 * <p>One thread drives at a time: a second one that calls {@link #runOnce} meanwhile finds no work.
 */
public final class CoreDispatcher {

    private static final Runnable NOBODY = () -> {};

    private final int index;
    private final EventRing ring;
    private final Tables tables;
    private final RunSlot slot;
    private final CoreTimers timers;
    private final AtomicBoolean busy = new AtomicBoolean();
    private final RecordHandler handler = new Handler();
    private volatile List<OutputDrain> outputs = List.of();
    private volatile Consumer<OutputBatch> sink;
    private volatile Runnable waker = NOBODY;
    private volatile boolean looksForEvents;
    private volatile boolean stopped;

    CoreDispatcher(int index, int ringBytes, Tables tables, IntervalTimer alarm) {
        this.index = index;
        this.ring = new EventRing(ringBytes);
        this.tables = tables;
        this.slot = new RunSlot(index);
        this.timers = new CoreTimers(alarm, this::wake);
    }

    /** The core's number, from 0. */
    public int index() {
        return index;
    }

    /** Bytes of the event ring that hold events now. */
    public long ringUsed() {
        return ring.usedBytes();
    }

    /** Bytes of the event ring. */
    public long ringCapacity() {
        return ring.capacityBytes();
    }

    /**
     * Runs what waits: events first, then callbacks of timers, then records of the core's output ring buffers.
     *
     * @param limit most events, most callbacks, and most records of each stream; at least 1
     * @return events, callbacks and records handled, 0 when there were none or another thread is driving
     */
    public int runOnce(int limit) {
        if (!busy.compareAndSet(false, true)) {
            return 0;
        }
        try {
            ring.unpark();
            int done = ring.read(handler, limit);
            if (!stopped) {
                done += timers.run(slot, limit);
            }
            var to = sink;
            if (to != null) {
                for (var output : outputs) {
                    done += output.drain(limit, to);
                }
            }
            return done;
        } finally {
            busy.set(false);
        }
    }

    /**
     * Announces that the driver will sleep until it is woken, and at most for some milliseconds when it {@link #mustLook}.
     *
     * @return false when there is work: the driver must go on instead
     */
    @SuppressWarnings("ThreadPriorityCheck") // the yield helps, nothing relies on it
    public boolean park() {
        if (!ring.park()) {
            Thread.yield(); // a producer between claim and commit may need this processor
            return false;
        }
        if (!stopped && timers.ready()) {
            ring.unpark();
            return false;
        }
        if (sink != null && outputs.stream().anyMatch(output -> output.ring().ready())) {
            ring.unpark();
            return false;
        }
        return true;
    }

    /** Whether something is attached that does not wake the driver ({@code wake: timer}): it must look by itself. */
    public boolean mustLook() {
        return looksForEvents || outputs.stream().anyMatch(output -> !output.wakes());
    }

    /** Whether events may come that do not wake the driver. */
    void lookForEvents(boolean looks) {
        boolean news = looks && !looksForEvents;
        looksForEvents = looks;
        if (news) {
            wake(); // it may sleep without a timer
        }
    }

    /**
     * Sets what wakes the driver: called at most once after each {@link #park}, by a thread that fired a hook. It must
     * not block.
     */
    public void onWake(Runnable action) {
        waker = action;
        wake();
    }

    /** Wakes the driver if it sleeps. */
    void wake() {
        if (ring.mustWake()) {
            try {
                waker.run();
            } catch (Throwable _) { // the driver is gone, or the stack has ended: the next event tries again
                ring.wakeFailed();
            }
        }
    }

    CoreTimers timers() {
        return timers;
    }

    EventRing ring() {
        return ring;
    }

    void sink(Consumer<OutputBatch> batches) {
        sink = batches;
        wake();
    }

    synchronized void add(OutputDrain output) {
        var next = new ArrayList<>(outputs);
        next.add(output);
        outputs = List.copyOf(next);
        if (output.wakes()) {
            output.ring().onSubmit(this::wake);
        }
        wake();
    }

    synchronized void remove(OutputDrain output) {
        outputs = outputs.stream().filter(o -> o != output).toList();
    }

    /** Lets go of what ran here last, unless the driver has its turn. */
    void forget() {
        exclusively(() -> slot.context = null);
    }

    /** Does something in place of the driver; false when the driver has its turn. */
    boolean exclusively(Runnable action) {
        if (!busy.compareAndSet(false, true)) {
            return false;
        }
        try {
            action.run();
            return true;
        } finally {
            busy.set(false);
        }
    }

    /** From now on events are counted as stopped instead of run. */
    void stop() {
        stopped = true;
    }

    private final class Handler implements RecordHandler {
        @Override
        public void committed(int type, int at, int words) {
            var table = tables.get(type);
            if (stopped) {
                table.stopped(index);
            } else {
                table.run(slot, index, ring, at);
            }
        }

        @Override
        public void discarded(int type) {
            tables.get(type).countDiscarded(index);
        }
    }
}

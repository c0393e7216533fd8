package io.vertebra.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The CPU time of the measuring thread: what others do on the machine counts less than in JMH's own figures. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class CpuTime {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Nanoseconds of one event in the latest iteration. */
    public double nanosPerEvent;

    private long start;
    private long events;

    /** Notes that so many events have been handled. */
    void add(long count) {
        events += count;
    }

    /** Begins an iteration. */
    @Setup(Level.Iteration)
    public void start() {
        events = 0;
        start = THREADS.getCurrentThreadCpuTime();
    }

    /** Ends an iteration. */
    @TearDown(Level.Iteration)
    public void stop() {
        nanosPerEvent = (double) (THREADS.getCurrentThreadCpuTime() - start) / events;
    }
}

package io.vertebra.bench;

import static io.vertebra.bench.BenchHooks.HOOKS;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a hook costs the application that fires it: each loop uses its values once, and fires or does not. The difference
 * to {@link #noHook} is the hook (P1, P2, P2b).
 */
@OperationsPerInvocation(Workload.EVENTS)
public class HookCost {

    /** The application alone. */
    @Benchmark
    public void noHook(Workload workload, CpuTime time, Blackhole application) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            work(words, at, application);
        }
        time.add(Workload.EVENTS);
    }

    /** A hook that nothing is attached to. */
    @Benchmark
    public void detached(Workload workload, CpuTime time, Blackhole application) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            work(words, at, application);
            HOOKS.detached(
                    words[at + Workload.BYTES], (int) words[at + Workload.ROUTE], (int) words[at + Workload.STATUS]);
        }
        time.add(Workload.EVENTS);
    }

    /** The same, with arguments that would be costly to make. */
    @Benchmark
    public void guarded(Workload workload, CpuTime time, Blackhole application) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            work(words, at, application);
            if (HOOKS.detachedEnabled()) {
                HOOKS.detached(costly(words[at + Workload.BYTES]), 0, 0);
            }
        }
        time.add(Workload.EVENTS);
    }

    /** A codelet that needs no slot. */
    @Benchmark
    public void filter(Attached codelet, Workload workload, CpuTime time, Blackhole application) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            work(words, at, application);
            application.consume(HOOKS.filter(
                    words[at + Workload.BYTES], (int) words[at + Workload.ROUTE], (int) words[at + Workload.STATUS]));
        }
        time.add(Workload.EVENTS);
    }

    /** A codelet that needs a slot: it counts in a per-core map. */
    @Benchmark
    public void perCore(Attached codelet, Workload workload, CpuTime time, Blackhole application) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            work(words, at, application);
            HOOKS.perCore((int) words[at + Workload.ROUTE]);
        }
        time.add(Workload.EVENTS);
    }

    private static void work(long[] words, int at, Blackhole application) {
        application.consume(words[at + Workload.BYTES]);
        application.consume((int) words[at + Workload.ROUTE]);
        application.consume((int) words[at + Workload.STATUS]);
    }

    private static long costly(long value) {
        return Long.toString(value).repeat(10).hashCode();
    }
}

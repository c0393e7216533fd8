package io.vertebra.bench;

import static io.vertebra.bench.BenchHooks.HOOKS;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.infra.Blackhole;

/** What a codelet costs that is attached inline, from the values in the application to its result (P2-P4). */
@OperationsPerInvocation(Workload.EVENTS)
public class InlineHook {

    @Benchmark
    public void filter(Attached codelet, Workload workload, CpuTime time, Blackhole results) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            results.consume(HOOKS.filter(
                    words[at + Workload.BYTES], (int) words[at + Workload.ROUTE], (int) words[at + Workload.STATUS]));
        }
        time.add(Workload.EVENTS);
    }

    @Benchmark
    public void chain(Attached codelet, Workload workload, CpuTime time, Blackhole results) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            results.consume(HOOKS.chain(
                    words[at],
                    words[at + Workload.COLUMN],
                    words[at + 2 * Workload.COLUMN],
                    words[at + 3 * Workload.COLUMN],
                    words[at + 4 * Workload.COLUMN],
                    words[at + 5 * Workload.COLUMN],
                    words[at + 6 * Workload.COLUMN],
                    words[at + 7 * Workload.COLUMN],
                    words[at + 8 * Workload.COLUMN],
                    words[at + 9 * Workload.COLUMN]));
        }
        time.add(Workload.EVENTS);
    }

    @Benchmark
    public void counter(Attached codelet, Workload workload, CpuTime time) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            HOOKS.counter((int) words[at + Workload.ROUTE]);
        }
        time.add(Workload.EVENTS);
    }

    @Benchmark
    public void counterAtomic(Attached codelet, Workload workload, CpuTime time) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            HOOKS.counterAtomic((int) words[at + Workload.ROUTE]);
        }
        time.add(Workload.EVENTS);
    }

    @Benchmark
    public void perCore(Attached codelet, Workload workload, CpuTime time) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            HOOKS.perCore((int) words[at + Workload.ROUTE]);
        }
        time.add(Workload.EVENTS);
    }

    @Benchmark
    public void histogram(Attached codelet, Workload workload, CpuTime time) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            HOOKS.histogram((int) words[at + Workload.ROUTE], words[at + Workload.NANOS]);
        }
        time.add(Workload.EVENTS);
    }

    @Benchmark
    public void prime(Attached codelet, Workload workload, CpuTime time, Blackhole results) {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            results.consume(HOOKS.prime((int) words[at + Workload.NUMBER]));
        }
        time.add(Workload.EVENTS);
    }

    @Benchmark
    @OperationsPerInvocation(Workload.PACKETS)
    public void fnv(Attached codelet, Workload workload, CpuTime time, Blackhole results) {
        for (var packet : workload.packets) {
            results.consume(HOOKS.fnv(packet));
        }
        time.add(Workload.PACKETS);
    }

    @Benchmark
    @OperationsPerInvocation(Workload.PACKETS)
    public void checksum(Attached codelet, Workload workload, CpuTime time, Blackhole results) {
        for (var packet : workload.packets) {
            results.consume(HOOKS.checksum(packet));
        }
        time.add(Workload.PACKETS);
    }

    @Benchmark
    @OperationsPerInvocation(Workload.PACKETS)
    public void parse(Attached codelet, Workload workload, CpuTime time, Blackhole results) {
        for (var packet : workload.packets) {
            results.consume(HOOKS.parse(packet));
        }
        time.add(Workload.PACKETS);
    }
}

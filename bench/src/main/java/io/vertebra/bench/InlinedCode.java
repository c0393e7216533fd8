package io.vertebra.bench;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.RunContext;
import java.lang.invoke.MethodHandle;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a codelet's code costs that is inlined by its constant handle, without a hook: the difference of {@link InlineHook}
 * is what accounts and statistics cost (P18), slots included where one is needed.
 */
@OperationsPerInvocation(Workload.EVENTS)
public class InlinedCode {

    private static DirectCode selected;

    /** The code of the codelet that a benchmark method is named after. */
    @State(Scope.Benchmark)
    public static class Selected {

        /** Compiles it. */
        @Setup
        @SuppressWarnings("StaticAssignmentInConstructor") // no constructor: once, before Code is initialised
        public void select(BenchmarkParams benchmark) {
            var method =
                    benchmark.getBenchmark().substring(benchmark.getBenchmark().lastIndexOf('.') + 1);
            selected =
                    Codelet.load(Attached.codelet(method)).compiled().direct().orElseThrow();
        }
    }

    /** Constants, so that C2 inlines. */
    private static final class Code {
        private static final MethodHandle ENTRY = selected.entry();
        private static final RunContext RUN = selected.usesRun() ? new RunContext(0, 0) : null;
    }

    @Benchmark
    public void filter(Selected codelet, Workload workload, CpuTime time, Blackhole results) throws Throwable {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            results.consume((int) (long) Code.ENTRY.invokeExact(
                    Code.RUN,
                    words[at + Workload.BYTES],
                    field(words, at, Workload.ROUTE),
                    field(words, at, Workload.STATUS)));
        }
        time.add(Workload.EVENTS);
    }

    @Benchmark
    public void chain(Selected codelet, Workload workload, CpuTime time, Blackhole results) throws Throwable {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            results.consume((int) (long) Code.ENTRY.invokeExact(
                    Code.RUN,
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
    public void counter(Selected codelet, Workload workload, CpuTime time, Blackhole results) throws Throwable {
        oneField(workload, Workload.ROUTE, time, results);
    }

    @Benchmark
    public void counterAtomic(Selected codelet, Workload workload, CpuTime time, Blackhole results) throws Throwable {
        oneField(workload, Workload.ROUTE, time, results);
    }

    @Benchmark
    public void perCore(Selected codelet, Workload workload, CpuTime time, Blackhole results) throws Throwable {
        oneField(workload, Workload.ROUTE, time, results);
    }

    @Benchmark
    public void prime(Selected codelet, Workload workload, CpuTime time, Blackhole results) throws Throwable {
        oneField(workload, Workload.NUMBER, time, results);
    }

    @Benchmark
    public void histogram(Selected codelet, Workload workload, CpuTime time, Blackhole results) throws Throwable {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            results.consume((int) (long)
                    Code.ENTRY.invokeExact(Code.RUN, field(words, at, Workload.ROUTE), words[at + Workload.NANOS]));
        }
        time.add(Workload.EVENTS);
    }

    @Benchmark
    @OperationsPerInvocation(Workload.PACKETS)
    public void fnv(Selected codelet, Workload workload, CpuTime time, Blackhole results) throws Throwable {
        packets(workload, time, results);
    }

    @Benchmark
    @OperationsPerInvocation(Workload.PACKETS)
    public void checksum(Selected codelet, Workload workload, CpuTime time, Blackhole results) throws Throwable {
        packets(workload, time, results);
    }

    @Benchmark
    @OperationsPerInvocation(Workload.PACKETS)
    public void parse(Selected codelet, Workload workload, CpuTime time, Blackhole results) throws Throwable {
        packets(workload, time, results);
    }

    private static void oneField(Workload workload, int word, CpuTime time, Blackhole results) throws Throwable {
        long[] words = workload.words;
        for (int at = 0; at < Workload.EVENTS; at++) {
            results.consume((int) (long) Code.ENTRY.invokeExact(Code.RUN, field(words, at, word)));
        }
        time.add(Workload.EVENTS);
    }

    private static void packets(Workload workload, CpuTime time, Blackhole results) throws Throwable {
        for (var packet : workload.packets) {
            results.consume((int) (long) Code.ENTRY.invokeExact(
                    Code.RUN, Addresses.PAYLOAD, Addresses.PAYLOAD + packet.length, (long) packet.length, packet));
        }
        time.add(Workload.PACKETS);
    }

    /** A field of four bytes as the entry takes it. */
    private static long field(long[] words, int at, int word) {
        return Integer.toUnsignedLong((int) words[at + word]);
    }
}

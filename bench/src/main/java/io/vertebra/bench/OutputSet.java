package io.vertebra.bench;

import static io.vertebra.bench.BenchHooks.HOOKS;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.verticles.Vertebra;
import io.vertebra.verticles.VertebraConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/** What the measurements of outputs have in common: the codelets, the firing of events, and what it costs. */
final class OutputSet {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final long PAUSE_NANOS = 10_000;

    private OutputSet() {}

    /** What some records have taken: time of the clock, processor time of the JVM, and bytes, of each. */
    record Cost(double nanos, double cpuNanos, double bytes) {

        /** Prints it as {@code PART/KEY VALUE} lines. */
        void print(String part, String key) {
            line("nanos_" + part + "/" + key, nanos);
            line("rate_" + part + "/" + key, 1e3 / nanos);
            line("cpu_" + part + "/" + key, cpuNanos);
            line("nanos_" + part + "/" + key + Benchmarks.BYTES, bytes);
        }
    }

    /** Anything that handles records and returns when all have arrived. */
    interface Work {
        void run() throws Exception;
    }

    /** Does something with so many records, and tells what it has cost. */
    static Cost cost(long records, Work work) throws Exception {
        long bytes = THREADS.getTotalThreadAllocatedBytes();
        long cpu = SYSTEM.getProcessCpuTime();
        long begin = System.nanoTime();
        work.run();
        double nanos = System.nanoTime() - begin;
        return new Cost(
                nanos / records,
                (double) (SYSTEM.getProcessCpuTime() - cpu) / records,
                (double) (THREADS.getTotalThreadAllocatedBytes() - bytes) / records);
    }

    /** Prints one value. */
    static void line(String key, double value) {
        System.out.printf(Locale.ROOT, "%s %.4f%n", key, value);
    }

    /** A Vertebra of one core. */
    static Vertebra start(VertebraConfig config) throws Exception {
        if (HOOKS == null) {
            throw new IllegalStateException("hooks of " + BenchHooks.class + " are not there");
        }
        return Vertebra.start(
                config.withPort(0).withRuntime(RuntimeSettings.ofCores(1).withRingBytes(1 << 22)));
    }

    /**
     * Loads programs of outputs.bpf.c.
     *
     * @param streams of the descriptor
     */
    static CodeletSet load(Vertebra vertebra, Execution execution, List<String> programs, String streams)
            throws Exception {
        var folder = Files.createTempDirectory("bench");
        try (var object = OutputSet.class.getResourceAsStream("/codelets/outputs/outputs.bpf.o")) {
            Files.write(folder.resolve("outputs.bpf.o"), object.readAllBytes());
            var lines = new ArrayList<>(List.of("codeletset: outputs", "streams: {" + streams + "}", "codelets:"));
            programs.forEach(program -> lines.add("  - {object: outputs.bpf.o, program: " + program + ", execution: "
                    + execution.name().toLowerCase(Locale.ROOT) + "}"));
            return vertebra.load(Files.write(folder.resolve("outputs.yaml"), lines));
        } finally {
            delete(folder);
        }
    }

    /**
     * Fires events in bursts and waits until all their records have arrived.
     *
     * @param arrived how many have arrived until now
     * @param window how many may be on their way
     */
    static void fire(long events, int burst, long window, LongSupplier arrived, IntConsumer firing) {
        long first = arrived.getAsLong();
        for (long fired = 0; fired < events; fired += burst) {
            while (fired + burst - (arrived.getAsLong() - first) > window) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            firing.accept(burst);
        }
        while (arrived.getAsLong() - first < events) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Fires events whose records go to the stream {@code samples}. */
    static void emit(int events) {
        for (int i = 0; i < events; i++) {
            HOOKS.published32(i, 1_000_000 + i, 1_500, i & 7);
        }
    }

    /** Fires events whose records go to the stream {@code kept}. */
    static void owe(int events) {
        for (int i = 0; i < events; i++) {
            HOOKS.published64(i, 1_000_000 + i, 1_500, i & 7, 0, 0, 0, 0);
        }
    }

    /** The account of a stream at a place. */
    static OutputAccount account(Vertebra vertebra, String stream, String place) {
        return vertebra.outputAccounts().stream()
                .filter(account ->
                        account.stream().equals(stream) && account.connector().equals(place))
                .findFirst()
                .orElse(new OutputAccount(stream, place, 0, 0, Map.of(), 0));
    }

    /**
     * Checks that all records of a stream have arrived everywhere.
     *
     * @throws IllegalStateException when an account says otherwise
     */
    static void requireDelivered(Vertebra vertebra, String stream, List<String> places) {
        var accounts =
                places.stream().map(place -> account(vertebra, stream, place)).toList();
        long emitted = accounts.getFirst().emitted();
        for (var account : accounts) {
            if (account.missing() != 0 || account.emitted() != emitted || account.delivered() != emitted) {
                throw new IllegalStateException("not all records were delivered: " + accounts);
            }
        }
    }

    /** Deletes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

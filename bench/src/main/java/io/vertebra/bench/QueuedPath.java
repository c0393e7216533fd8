package io.vertebra.bench;

import static io.vertebra.bench.BenchHooks.HOOKS;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.config.RuntimeSettings.Wake;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.verticles.Vertebra;
import io.vertebra.verticles.VertebraConfig;
import io.vertebra.vm.helper.HelperGroup;
import io.vertebra.vm.helper.HelperGroup.Helper;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * The queued path: what publishing costs the thread that fires (P7), how many events a second go all the way to a counting
 * codelet on an event loop, what an idle core costs, and how late a sleeping one runs (P8). Prints {@code KEY VALUE} lines.
 */
public final class QueuedPath {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private static final int BURST = 2_048;
    /** Events that may be on their way: they take half of the ring at most. */
    private static final int WINDOW = 16 * BURST;

    private static final long PAUSE_NANOS = 10_000;

    private static final long SLICE_EVENTS = 4L << 20;
    private static final long WARM_UP_MILLIS = 1_000;
    private static final long ARRIVAL_PERIOD_NANOS = 1_000_000;

    private QueuedPath() {}

    /** Told by the codelet {@code arrived}. */
    @HelperGroup("bench")
    interface Arrival {
        @Helper(id = 65600)
        void arrival(long fired);
    }

    private interface Firing {
        void burst(int events);
    }

    /** Runs it: {@code main(SLICES, IDLE-SECONDS)}. */
    public static void main(String[] arguments) throws Exception {
        int slices = Integer.parseInt(arguments[0]);
        int idleSeconds = Integer.parseInt(arguments[1]);
        var folder = Files.createTempDirectory("bench");
        try (var stream = QueuedPath.class.getResourceAsStream("/codelets/queued/published.bpf.o")) {
            Files.write(folder.resolve("published.bpf.o"), stream.readAllBytes());
        }
        for (int threads : new int[] {1, 4}) {
            publish(folder, "32", threads, slices, QueuedPath::burst32);
            publish(folder, "64", threads, slices, QueuedPath::burst64);
        }
        for (var wake : Wake.values()) {
            idle(folder, wake, idleSeconds);
        }
        arrivals(folder, 1_000 * slices);
    }

    private static Vertebra start(Wake wake) throws Exception {
        if (HOOKS == null) {
            throw new IllegalStateException("hooks of " + BenchHooks.class + " are not there");
        }
        return Vertebra.start(VertebraConfig.defaults()
                .withPort(0)
                .withRuntime(RuntimeSettings.ofCores(1).withRingBytes(1 << 22).withWake(wake)));
    }

    private static CodeletSet load(Vertebra vertebra, Path folder, String program) throws Exception {
        var descriptor = Files.writeString(
                folder.resolve(program + ".yaml"),
                "codeletset: " + program + "\ncodelets: [{object: published.bpf.o, program: " + program + "}]\n");
        return vertebra.load(descriptor);
    }

    // ---- publishing, and all the way ----

    private static void burst32(int events) {
        for (int i = 0; i < events; i++) {
            HOOKS.published32(i, i, i, i);
        }
    }

    private static void burst64(int events) {
        for (int i = 0; i < events; i++) {
            HOOKS.published64(i, i, i, i, i, i, i, i);
        }
    }

    private static void publish(Path folder, String size, int threads, int slices, Firing firing) throws Exception {
        try (var vertebra = start(Wake.IMMEDIATE)) {
            var set = load(vertebra, folder, "published" + size);
            var counts = vertebra.map(set.name() + "/counts").map().values();
            long warm = System.nanoTime() + WARM_UP_MILLIS * 1_000_000;
            while (System.nanoTime() - warm < 0) {
                slice(firing, counts, threads, SLICE_EVENTS / 4);
            }
            for (int i = 0; i < slices; i++) {
                var slice = slice(firing, counts, threads, SLICE_EVENTS);
                print("publish/" + size + "x" + threads, slice.nanosOfEach());
                print("publish/" + size + "x" + threads + Benchmarks.BYTES, slice.bytesOfEach());
                print("consume/" + size + "x" + threads, slice.nanosOfTheRest());
                print("queued/" + size + "x" + threads, slice.millionsPerSecond());
            }
            var account = set.accounts().getFirst();
            print("dropped/" + size + "x" + threads, 100.0 * (account.offered() - account.ok()) / account.offered());
        }
    }

    /**
     * What a slice took for each event, and how many events a second it was.
     *
     * @param nanosOfEach CPU time of publishing
     * @param nanosOfTheRest CPU time of the process without publishing: running codelets, and what the JVM does
     * @param bytesOfEach bytes that publishing has allocated
     */
    private record Slice(double nanosOfEach, double nanosOfTheRest, double bytesOfEach, double millionsPerSecond) {}

    /** Fires so many events and waits for the last; no thread is further ahead of the codelet than its share of the window. */
    private static Slice slice(Firing firing, MemorySegment counts, int threads, long events) throws Exception {
        long first = count(counts);
        long begin = System.nanoTime();
        long cpu = SYSTEM.getProcessCpuTime();
        long[] nanos = new long[threads];
        long[] bytes = new long[threads];
        List<Thread> producers = new ArrayList<>();
        for (int number = 0; number < threads; number++) {
            int me = number;
            producers.add(Thread.ofPlatform().start(() -> {
                long allocated = THREADS.getCurrentThreadAllocatedBytes();
                long busy = 0;
                for (long fired = 0; fired < events / threads; fired += BURST) {
                    while ((fired + BURST) * threads - (count(counts) - first) > WINDOW) {
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                    long start = THREADS.getCurrentThreadCpuTime();
                    firing.burst(BURST);
                    busy += THREADS.getCurrentThreadCpuTime() - start;
                }
                nanos[me] = busy;
                bytes[me] = THREADS.getCurrentThreadAllocatedBytes() - allocated;
            }));
        }
        for (var producer : producers) {
            producer.join();
        }
        while (count(counts) - first < events) {
            Thread.onSpinWait();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        long rest = SYSTEM.getProcessCpuTime() - cpu - Arrays.stream(nanos).sum();
        return new Slice(
                (double) Arrays.stream(nanos).sum() / events,
                (double) rest / events,
                (double) Arrays.stream(bytes).sum() / events,
                events / seconds / 1e6);
    }

    /** What the codelet has counted; it is alone on its core. */
    private static long count(MemorySegment counts) {
        return (long) ValueLayout.JAVA_LONG.varHandle().getVolatile(counts, 0L);
    }

    // ---- nothing to do ----

    /** Share of one processor, in percent. */
    private static void idle(Path folder, Wake wake, int seconds) throws Exception {
        try (var vertebra = start(wake)) {
            load(vertebra, folder, "published32");
            Thread.sleep(2 * WARM_UP_MILLIS); // compilers finish what they have begun
            long cpu = SYSTEM.getProcessCpuTime();
            long begin = System.nanoTime();
            Thread.sleep(seconds * 1_000L);
            double share = (double) (SYSTEM.getProcessCpuTime() - cpu) / (System.nanoTime() - begin);
            print("idle/" + wake.name().toLowerCase(Locale.ROOT), 100 * share);
        }
    }

    // ---- sleeping ----

    /** From firing to the codelet's run, and what firing costs who wakes, at 1,000 events a second. */
    private static void arrivals(Path folder, int events) throws Exception {
        long[] late = new long[events];
        long[] paid = new long[events];
        int[] arrived = {0};
        try (var vertebra = start(Wake.IMMEDIATE)) {
            vertebra.helpers(MethodHandles.lookup(), Arrival.class, fired -> {
                late[arrived[0]++] = System.nanoTime() - fired;
            });
            load(vertebra, folder, "arrived");
            for (int i = 0; i < events; i++) {
                LockSupport.parkNanos(ARRIVAL_PERIOD_NANOS);
                long begin = System.nanoTime();
                HOOKS.arrived(begin);
                paid[i] = System.nanoTime() - begin;
            }
        }
        // The first tenth is the JVM's warm-up.
        quantiles("late", Arrays.copyOfRange(late, events / 10, arrived[0]));
        quantiles("paid", Arrays.copyOfRange(paid, events / 10, events));
    }

    private static void quantiles(String name, long[] nanos) {
        Arrays.sort(nanos);
        print("wake/" + name + "_p50", nanos[nanos.length / 2] / 1e3);
        print("wake/" + name + "_p99", nanos[nanos.length * 99 / 100] / 1e3);
    }

    private static void print(String key, double value) {
        System.out.printf(Locale.ROOT, "%s %.4f%n", key, value);
    }
}

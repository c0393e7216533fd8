package io.vertebra.bench;

import static io.vertebra.bench.BenchHooks.HOOKS;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.codelet.CodeletRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How long it takes to load, attach and detach a codelet while all other cores fire its hook, and how long these are slower
 * then (P11). Prints {@code KEY VALUE} lines in milliseconds; the first switch of the JVM, which loads classes, is apart.
 */
public final class AttachLatency {

    private static final String CODELET = "histogram";
    private static final long SETTLE_MILLIS = 250;
    /** So many loops in a row at the new pace end the window. */
    private static final int STEADY = 20;

    /** The ends of the firing thread's loops, in nanoseconds, from the beginning of a recording. */
    private static final class Recording {
        private final long[] ends = new long[1 << 19];
        private volatile int count;
    }

    private static volatile Recording current = new Recording();
    private static volatile boolean stopped;

    private AttachLatency() {}

    /** Runs it: {@code main(SWITCHES)}. */
    public static void main(String[] arguments) throws Exception {
        int switches = Integer.parseInt(arguments[0]);
        var folder = Files.createTempDirectory("bench");
        int others = Math.max(0, Runtime.getRuntime().availableProcessors() - 2); // one core switches
        List<Thread> firing = new ArrayList<>();
        firing.add(Thread.ofPlatform().daemon().start(() -> fire(true)));
        for (int i = 0; i < others; i++) {
            firing.add(Thread.ofPlatform().daemon().start(() -> fire(false)));
        }
        try (var runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1))) {
            Thread.sleep(4 * SETTLE_MILLIS);
            for (int i = 0; i <= switches; i++) {
                cycle(runtime, folder, i == 0 ? "first_" : "");
                parts();
            }
        }
        stopped = true;
        for (var thread : firing) {
            thread.join();
        }
    }

    /** Loads, detaches, attaches and unloads. */
    private static void cycle(CodeletRuntime runtime, Path folder, String prefix) throws Exception {
        long begin = System.nanoTime();
        var set = Attached.load(runtime, CODELET, folder);
        print(prefix + "load", System.nanoTime() - begin);
        Thread.sleep(SETTLE_MILLIS);
        change(prefix + "detach", set::disable);
        change(prefix + "attach", set::enable);
        begin = System.nanoTime();
        set.unload();
        print(prefix + "unload", System.nanoTime() - begin);
    }

    private static void change(String name, Runnable what) throws InterruptedException {
        var recording = current = new Recording();
        long begin = System.nanoTime();
        what.run();
        long end = System.nanoTime();
        Thread.sleep(SETTLE_MILLIS);
        print(name, end - begin);
        print(name + "_window", window(recording, begin));
    }

    /** What loading a set does before it attaches. */
    private static void parts() {
        long begin = System.nanoTime();
        var codelet = Codelet.load(CODELET);
        long verified = System.nanoTime();
        var executable = codelet.compiled();
        long compiled = System.nanoTime();
        print("read_and_verify", verified - begin);
        print("compile", compiled - verified);
        if (executable.maps().isEmpty()) {
            throw new IllegalStateException(CODELET + " has maps");
        }
    }

    /**
     * From the first slow loop after a moment to the last one before the pace is steady; slow is more than twice the
     * time of loops long after the switch.
     */
    private static long window(Recording recording, long moment) {
        int count = recording.count;
        long[] ends = Arrays.copyOf(recording.ends, count);
        long[] times = new long[count];
        for (int i = 1; i < count; i++) {
            times[i] = ends[i] - ends[i - 1];
        }
        long[] late = Arrays.stream(times, count / 2, count).sorted().toArray();
        long slow = 2 * late[late.length / 2];
        int first = 1;
        while (first < count && (ends[first] < moment || times[first] <= slow)) {
            first++;
        }
        int steady = 0;
        int last = first;
        while (last < count && steady < STEADY) {
            steady = times[last++] <= slow ? steady + 1 : 0;
        }
        return first == count ? 0 : ends[Math.max(first, last - steady - 1)] - ends[first - 1];
    }

    private static void fire(boolean recorded) {
        var words = new Workload().words;
        while (!stopped) {
            for (int at = 0; at < Workload.EVENTS; at++) {
                HOOKS.histogram((int) words[at + Workload.ROUTE], words[at + Workload.NANOS]);
            }
            var recording = current;
            int count = recording.count;
            if (recorded && count < recording.ends.length) {
                recording.ends[count] = System.nanoTime();
                recording.count = count + 1;
            }
        }
    }

    private static void print(String key, long nanos) {
        System.out.printf("switch/%s %.4f%n", key, nanos / 1e6);
    }
}

package io.vertebra.cli.doctor;

import io.vertebra.config.RuntimeSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The JVM, memory, processors, clock and clang of this machine. */
final class MachineChecks {

    private static final int NEEDED_JAVA = 25;
    private static final long MIB = 1 << 20;
    private static final long LITTLE_HEAP = 256 * MIB;

    /** What a container needs beside the heap: classes, compiled code, threads, network buffers. */
    private static final long BESIDE_HEAP = 192 * MIB;

    /** Reading these clocks is a call into the kernel, which takes as long as many a codelet. */
    private static final List<String> SLOW_CLOCKS = List.of("hpet", "acpi_pm", "jiffies");

    private static final Path CLOCK = Path.of("/sys/devices/system/clocksource/clocksource0/current_clocksource");

    /** This program is younger than that. */
    private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");

    private static final long COMMAND_SECONDS = 10;

    private MachineChecks() {}

    static Finding java() {
        var version = Runtime.version();
        var mode = System.getProperty("java.vm.info", "");
        var observed = System.getProperty("java.vm.name") + " " + version + " in " + System.getProperty("java.home");
        if (version.feature() < NEEDED_JAVA) {
            return Finding.fail(
                    "java", observed, "install a JDK " + NEEDED_JAVA + ", or name it in VERTEBRA_JAVA_HOME");
        }
        return mode.contains("interpreted")
                ? Finding.warn("java", observed + " only interprets", "start it without -Xint")
                : Finding.ok("java", observed);
    }

    /** The heap, and the container's limit around it: of cgroup version 2, then 1. */
    static Finding memory(RuntimeSettings settings) {
        long heap = Runtime.getRuntime().maxMemory();
        long limit = limit();
        long rings = (long) settings.cores() * settings.ringBytes();
        var observed =
                "heap at most " + heap / MIB + " MiB, of " + limit / MIB + " MiB; rings take " + rings / MIB + " MiB";
        if (rings > heap / 2) {
            return Finding.fail(
                    "memory", observed, "make runtime.ring_bytes or runtime.cores smaller, or the heap larger (-Xmx)");
        }
        if (heap > limit - BESIDE_HEAP) {
            return Finding.warn(
                    "memory",
                    observed,
                    "leave " + BESIDE_HEAP / MIB + " MiB beside the heap, with -Xmx or a larger container");
        }
        return heap < LITTLE_HEAP
                ? Finding.warn("memory", observed, "give the heap " + LITTLE_HEAP / MIB + " MiB (-Xmx)")
                : Finding.ok("memory", observed);
    }

    private static long limit() {
        for (var file : List.of("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")) {
            try {
                var text = Files.readString(Path.of(file)).strip();
                if (text.matches("[0-9]{1,15}")) {
                    return Math.min(Long.parseLong(text), physical());
                }
            } catch (IOException _) {
                // not this version, or no container
            }
        }
        return physical();
    }

    private static long physical() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean machine
                ? machine.getTotalMemorySize()
                : Long.MAX_VALUE;
    }

    static Finding processors(RuntimeSettings settings) {
        int processors = Runtime.getRuntime().availableProcessors();
        var observed = processors + " available, runtime.cores is " + settings.cores();
        return settings.cores() > processors
                ? Finding.warn("cpu", observed, "cores beyond the processors wait for each other: lower runtime.cores")
                : Finding.ok("cpu", observed);
    }

    static Finding clock() {
        var now = Instant.now();
        if (now.isBefore(PAST)) {
            return Finding.fail("clock", "it is " + now + " here", "set the clock: records and events carry the time");
        }
        try {
            var source = Files.readString(CLOCK).strip();
            return SLOW_CLOCKS.contains(source)
                    ? Finding.warn("clock", "clock source `" + source + "`, slow to read", "choose tsc, see " + CLOCK)
                    : Finding.ok("clock", now + ", clock source " + source);
        } catch (IOException _) {
            return Finding.ok("clock", now.toString());
        }
    }

    /** Only whoever compiles codelets needs it. */
    static Finding clang() {
        var remedy = "install clang, for example the package clang, where codelets are compiled";
        try {
            var process = new ProcessBuilder("clang", "-print-targets")
                    .redirectErrorStream(true)
                    .start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Finding.warn("clang", "does not answer", remedy);
            }
            return text.contains("bpf")
                    ? Finding.ok("clang", "compiles for bpf")
                    : Finding.warn("clang", "without the target bpf", remedy);
        } catch (IOException _) {
            return Finding.warn("clang", "not on the PATH", remedy);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Finding.warn("clang", "interrupted", remedy);
        }
    }
}

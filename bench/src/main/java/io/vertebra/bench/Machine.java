package io.vertebra.bench;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** What the figures were measured on. */
final class Machine {

    private Machine() {}

    /** Processor, JVM, compilers and what else ran, a line each. */
    static List<String> describe(double loadBefore) {
        var gc = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .collect(Collectors.joining(", "));
        return List.of(
                "processor: " + processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores",
                "system: " + System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                "JVM: " + System.getProperty("java.vm.name") + " " + Runtime.version() + ", collectors: " + gc,
                "compiler of the baselines, with -O2: " + first("gcc", "--version"),
                "uBPF: "
                        + (Baseline.hasUbpf()
                                ? "its JIT without retpolines and its interpreter without bounds checks"
                                : "UBPF_HOME is not set, so its columns are empty"),
                "revision: " + first("git", "describe", "--always", "--dirty"),
                "load average: %.2f before, %.2f after".formatted(loadBefore, load()));
    }

    /** Threads that ran or wanted to, over the last minute. */
    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException _) {
            return "unknown";
        }
    }

    private static String first(String... command) {
        try {
            return Baseline.run(command).getFirst();
        } catch (IOException _) {
            return command[0] + " is missing";
        }
    }
}

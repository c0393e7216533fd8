package io.vertebra.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run found, as Markdown; RESULTS.md keeps it above a marker, and below that what is written by hand. */
final class Report {

    private static final String MARKER = "<!-- Written by hand from here on: bench/run keeps it. -->";

    private Report() {}

    /** The report: when, on what machine, and the tables. */
    static String of(String head, List<String> machine, Samples samples) {
        List<String> lines = new ArrayList<>();
        lines.add("# Benchmark results");
        lines.add("");
        lines.add(head + "; written by `bench/run`. Times are nanoseconds of CPU time for one event: smallest / first");
        lines.add("quartile / median. Ratios and differences are those of the smallest / of the medians.");
        lines.add("");
        machine.forEach(line -> lines.add("- " + line));
        lines.add("");
        lines.addAll(Aims.table(samples));
        lines.add("");
        lines.addAll(Figures.codelets(samples));
        lines.add("");
        lines.add("The application's loop without a hook: " + Cells.spread(samples.spread("application/no_hook"))
                + " ns.");
        lines.add("");
        lines.addAll(Figures.lengths(samples));
        lines.add("");
        lines.addAll(Figures.queued(samples));
        lines.add("");
        lines.addAll(Figures.switches(samples));
        return String.join("\n", lines) + "\n";
    }

    /** Replaces what stands above the marker of a file. */
    static void write(Path file, String report) throws IOException {
        var old = Files.exists(file) ? Files.readString(file) : "";
        int marker = old.indexOf(MARKER);
        var kept = marker < 0 ? MARKER + "\n" : old.substring(marker);
        Files.writeString(file, report + "\n" + kept);
    }
}

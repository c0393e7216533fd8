package io.vertebra.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run found, as Markdown; RESULTS.md has a part for each kind of run, and then what is written by hand. */
final class Report {

    /** A part of the file that a run writes, up to the marker that it ends with. */
    enum Part {
        HOOKS("<!-- Written by bench/run --outputs from here on. -->"),
        OUTPUTS("<!-- Written by hand from here on: bench/run keeps it. -->");

        private final String end;

        Part(String end) {
            this.end = end;
        }
    }

    private Report() {}

    /** Hooks and codelets: when, on what machine, and the tables. */
    static String hooks(String head, List<String> machine, Samples samples) {
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

    /** Records and metrics, in the same way. */
    static String outputs(String head, List<String> machine, Samples samples) {
        List<String> lines = new ArrayList<>();
        lines.add("# Records and metrics");
        lines.add("");
        lines.add(head
                + "; written by `bench/run --outputs`. Rates are those of the best slice / of the median, ratios of");
        lines.add("times those of the smallest / of the medians.");
        lines.add("");
        machine.forEach(line -> lines.add("- " + line));
        lines.add("");
        lines.addAll(OutputAims.tables(samples));
        return String.join("\n", lines) + "\n";
    }

    /** Replaces a part of a file that has all of them. */
    static void write(Path file, Part part, String report) throws IOException {
        var old = Files.readString(file);
        int begin = 0;
        if (part == Part.OUTPUTS) {
            begin = old.indexOf(Part.HOOKS.end) + Part.HOOKS.end.length() + 2;
        }
        Files.writeString(file, old.substring(0, begin) + report + "\n" + old.substring(old.indexOf(part.end)));
    }
}

package io.vertebra.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** RESULTS.md: a part that each run writes anew, and below a marker what is written by hand. */
final class RunFile {

    private static final String MARKER = "<!-- Written by hand from here on: bench/run keeps it. -->";

    private RunFile() {}

    /** Replaces what stands above the marker. */
    static void write(Path file, String report) throws IOException {
        var old = Files.exists(file) ? Files.readString(file) : "";
        int marker = old.indexOf(MARKER);
        var kept = marker < 0 ? MARKER + "\n" : old.substring(marker);
        Files.writeString(file, report + "\n" + kept);
    }
}

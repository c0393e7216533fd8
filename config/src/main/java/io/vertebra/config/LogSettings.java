package io.vertebra.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Settings of the log connector.
 *
 * @param file where lines go, in a folder that exists; empty for standard output
 * @param maxBytes size at which the file becomes {@code FILE.1}, at least 4,096; a batch is never divided
 * @param keep how many such generations are kept beside the file, 0 to 1,000
 */
public record LogSettings(Optional<Path> file, long maxBytes, int keep) {

    private static final long LEAST_BYTES = 4_096;
    private static final int MOST_GENERATIONS = 1_000;
    static final long DEFAULT_BYTES = 64L << 20;
    static final int DEFAULT_GENERATIONS = 5;

    /**
     * Checks every value.
     *
     * @throws ConfigException naming all that do not fit
     */
    public LogSettings {
        List<String> problems = new ArrayList<>();
        if (maxBytes < LEAST_BYTES) {
            problems.add("log.max_bytes: " + maxBytes + ", allowed is at least " + LEAST_BYTES);
        }
        if (keep < 0 || keep > MOST_GENERATIONS) {
            problems.add("log.keep: " + keep + ", allowed is 0 to " + MOST_GENERATIONS);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException("log settings", problems);
        }
    }

    /** Lines on standard output. */
    public static LogSettings standardOutput() {
        return new LogSettings(Optional.empty(), DEFAULT_BYTES, DEFAULT_GENERATIONS);
    }

    /** Lines in a file of at most 64 MiB, with five generations before it. */
    public static LogSettings to(Path file) {
        return new LogSettings(Optional.of(file), DEFAULT_BYTES, DEFAULT_GENERATIONS);
    }
}

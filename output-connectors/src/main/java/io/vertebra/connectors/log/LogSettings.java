package io.vertebra.connectors.log;

import java.nio.file.Path;
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
    private static final long DEFAULT_BYTES = 64L << 20;
    private static final int DEFAULT_GENERATIONS = 5;

    /** Names the first value that does not fit. */
    public LogSettings {
        if (maxBytes < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "log.max_bytes is " + maxBytes + ": allowed is " + LEAST_BYTES + " or more");
        }
        if (keep < 0 || keep > MOST_GENERATIONS) {
            throw new IllegalArgumentException("log.keep is " + keep + ": allowed is 0 to " + MOST_GENERATIONS);
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

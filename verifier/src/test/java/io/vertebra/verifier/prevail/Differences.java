package io.vertebra.verifier.prevail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** The cases that we decide otherwise on purpose, and why: {@code differences.tsv}. */
final class Differences {

    private Differences() {}

    /** Reasons by suite and name of the case. */
    static Map<String, String> read() {
        try (var resource = Differences.class.getResourceAsStream("differences.tsv")) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .collect(Collectors.toMap(fields -> fields[0] + " " + fields[1], fields -> fields[2]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

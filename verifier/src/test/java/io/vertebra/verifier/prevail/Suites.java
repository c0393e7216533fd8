package io.vertebra.verifier.prevail;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the suites are: {@code -Dvertebra.corpora=...}, or {@code shared/corpora} beside the project. */
final class Suites {

    private static final Path BESIDE = Path.of("").toAbsolutePath().resolve("../../shared/corpora");

    private Suites() {}

    /** The folder of PREVAIL's; skips the test where it is absent. */
    static Path prevail() {
        var given = System.getProperty("vertebra.corpora");
        var corpora = given == null ? BESIDE : Path.of(given);
        var folder = corpora.resolve("prevail-yaml").normalize();
        assumeTrue(Files.isDirectory(folder), "skipped: no " + folder + ", set -Dvertebra.corpora");
        return folder;
    }
}

package io.vertebra.vm.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the suites are: {@code -Dvertebra.corpora=...}, or {@code shared/corpora} beside the project. */
final class Corpora {

    private static final Path BESIDE = Path.of("").toAbsolutePath().resolve("../../shared/corpora");

    private Corpora() {}

    /** The tests of a suite; skips the test where the suite is absent. */
    static List<Path> files(String suite) throws IOException {
        var given = System.getProperty("vertebra.corpora");
        var folder = (given == null ? BESIDE : Path.of(given)).resolve(suite).normalize();
        assumeTrue(Files.isDirectory(folder), "skipped: no " + folder + ", set -Dvertebra.corpora");
        return SuiteCase.files(folder);
    }
}

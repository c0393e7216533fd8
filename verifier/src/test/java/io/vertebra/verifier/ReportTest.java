package io.vertebra.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.vm.object.ObjectFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a user reads: for each object in {@code src/test/resources/reports}, the report on each of its programs is what
 * the {@code .txt} beside it says, to the letter.
 *
 * <p>A new case is a {@code NAME.bpf.c}: {@code reports/compile} makes the object (clang 16), and a run of this test with
 * {@code -Dvertebra.update=true} writes the {@code NAME.txt} of all cases. Read what it wrote as a user would.
 */
class ReportTest {

    private static final Path FOLDER = Path.of("src/test/resources/reports");
    private static final String OBJECT = ".bpf.o";

    static Stream<String> names() throws IOException {
        try (var files = Files.list(FOLDER)) {
            return files
                    .map(f -> f.getFileName().toString())
                    .filter(f -> f.endsWith(OBJECT))
                    .map(f -> f.substring(0, f.length() - OBJECT.length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldReportAsBefore(String name) throws IOException {
        var object = ObjectFile.read(Files.readAllBytes(FOLDER.resolve(name + OBJECT)), name + OBJECT);
        var report = object.programs().stream()
                .map(p -> ReportPrinter.print(p.name(), p.instructions().size(), Verifier.verify(p, Fixtures.PLATFORM))
                        + "\n")
                .collect(Collectors.joining());
        var expected = FOLDER.resolve(name + ".txt");
        if (Boolean.getBoolean("vertebra.update")) {
            Files.writeString(expected, report);
        }
        assertThat(report).isEqualTo(Files.readString(expected));
    }
}

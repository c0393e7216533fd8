package io.vertebra.vm.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.conformance.Outcome.Passed;
import io.vertebra.vm.conformance.Outcome.Skipped;
import io.vertebra.vm.exec.Interpreter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The programs of the external suites, interpreted. */
class ConformanceTest {

    private static final SuiteRunner RUNNER = new SuiteRunner(Interpreter::prepare);

    @TestFactory
    Stream<DynamicTest> shouldPassConformanceSuite() throws IOException {
        return tests("conformance", Passed.class);
    }

    @TestFactory
    Stream<DynamicTest> shouldPassTestsOfUbpf() throws IOException {
        return tests("ubpf", Passed.class, Skipped.class);
    }

    @TestFactory
    Stream<DynamicTest> shouldRefuseNegativeTests() throws IOException {
        return tests("conformance-negative", Passed.class, Skipped.class);
    }

    private static Stream<DynamicTest> tests(String suite, Class<?>... allowed) throws IOException {
        return Corpora.files(suite).stream()
                .map(file -> DynamicTest.dynamicTest(
                        file.getFileName().toString(), file.toUri(), () -> check(file, allowed)));
    }

    private static void check(Path file, Class<?>... allowed) throws IOException {
        assertThat(RUNNER.run(SuiteCase.read(file))).isInstanceOfAny(allowed);
    }
}

package io.vertebra.vm.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.conformance.Outcome.Passed;
import io.vertebra.vm.conformance.Outcome.Skipped;
import io.vertebra.vm.exec.Interpreter;
import io.vertebra.vm.jit.Jit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The programs of the external suites, interpreted and compiled. */
class ConformanceTest {

    private static final Map<String, SuiteRunner> RUNNERS =
            Map.of("interpreter", new SuiteRunner(Interpreter::prepare), "jit", new SuiteRunner(Jit::prepare));

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
        var files = Corpora.files(suite);
        return RUNNERS.entrySet().stream()
                .flatMap(runner -> files.stream()
                        .map(file -> DynamicTest.dynamicTest(
                                runner.getKey() + " " + file.getFileName(),
                                file.toUri(),
                                () -> check(runner.getValue(), file, allowed))));
    }

    private static void check(SuiteRunner runner, Path file, Class<?>... allowed) throws IOException {
        assertThat(runner.run(SuiteCase.read(file))).isInstanceOfAny(allowed);
    }
}

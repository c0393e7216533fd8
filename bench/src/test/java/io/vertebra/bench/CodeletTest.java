package io.vertebra.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The programs of the benchmarks are what the benchmarks take them for: safe, and as long as they say. */
class CodeletTest {

    static Stream<String> codelets() {
        return Codelet.NAMES.stream();
    }

    static Stream<Integer> lengths() {
        return SizedProgram.LENGTHS.stream();
    }

    @ParameterizedTest
    @MethodSource("codelets")
    void shouldBeAcceptedByTheVerifier(String name) {
        assertThatCode(() -> Codelet.load(name)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @MethodSource("lengths")
    void shouldGenerateAcceptedPrograms(int length) {
        var codelet = SizedProgram.of(length);
        assertThat(codelet.program().instructions()).hasSize(length);
        var runs = Runs.of(codelet.context(), Workload.fields("chain"), new Workload());
        assertThat(SizedProgram.executed(codelet, runs)).isBetween(length * 0.85, length * 1.0);
    }
}

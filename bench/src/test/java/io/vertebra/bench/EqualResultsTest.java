package io.vertebra.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertebra.vm.exec.Executable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is compared for speed does the same: results and maps after the whole workload. */
class EqualResultsTest {

    private static final Workload WORKLOAD = new Workload();

    @TempDir
    static Path folder;

    static Stream<Codelet> programs() {
        return Stream.concat(
                Codelet.NAMES.stream().map(Codelet::load),
                SizedProgram.LENGTHS.stream().map(SizedProgram::of));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void shouldGiveSameResultsInterpretedAndCompiled(Codelet codelet) {
        var expected = outcome(codelet, codelet.interpreted(codelet.plan().maxSteps()));
        assertThat(outcome(codelet, codelet.compiled())).isEqualTo(expected);
    }

    @Test
    void shouldGiveSameResultsInAllBaselines() throws IOException {
        var baseline = Baseline.build(folder);
        assumeTrue(baseline.isPresent(), "gcc is missing");
        var outcomes = baseline.get().results().stream()
                .collect(Collectors.groupingBy(
                        line -> line.substring(0, line.indexOf(' ')),
                        Collectors.mapping(line -> line.substring(line.indexOf(' ') + 1), Collectors.toList())));
        var expected = Codelet.NAMES.stream()
                .map(Codelet::load)
                .flatMap(codelet -> outcome(codelet, codelet.compiled()).stream())
                .toList();

        assertThat(outcomes)
                .containsOnlyKeys(
                        Baseline.hasUbpf() ? List.of("native", "ubpf", "ubpf_interpreter") : List.of("native"));
        assertThat(outcomes.values())
                .allSatisfy(lines -> assertThat(lines).containsExactlyInAnyOrderElementsOf(expected));
    }

    @Test
    void shouldExerciseBothOutcomesOfEachPredicate() {
        for (var name : List.of("filter", "chain", "prime", "parse")) {
            var codelet = Codelet.load(name);
            var runs = runs(codelet);
            var executable = codelet.compiled();
            long distinct = IntStream.range(0, runs.count())
                    .mapToLong(i -> runs.run(executable, i))
                    .distinct()
                    .count();
            assertThat(distinct).as(name).isGreaterThan(1);
        }
    }

    private static Runs runs(Codelet codelet) {
        var fields = Codelet.NAMES.contains(codelet.name()) ? codelet.name() : "chain";
        return Runs.of(codelet.context(), Workload.fields(fields), WORKLOAD);
    }

    /** As baseline.c prints it. */
    private static List<String> outcome(Codelet codelet, Executable executable) {
        var runs = runs(codelet);
        List<String> lines = new ArrayList<>();
        lines.add(codelet.name() + " result "
                + IntStream.range(0, runs.count())
                        .mapToObj(i -> Integer.toHexString((int) runs.run(executable, i)))
                        .collect(Collectors.joining(" ")));
        var hex = HexFormat.of();
        for (var map : executable.maps()) {
            map.forEach((key, values) -> lines.add(String.join(
                    " ", codelet.name(), map.spec().name(), hex.formatHex(key), hex.formatHex(values.getFirst()))));
        }
        return lines;
    }

    @Test
    void shouldMakeTheSameWorkloadEachTime() {
        assertThat(new Workload().words).isEqualTo(WORKLOAD.words);
        assertThat(Arrays.deepEquals(new Workload().packets, WORKLOAD.packets)).isTrue();
    }
}

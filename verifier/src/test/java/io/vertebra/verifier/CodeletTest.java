package io.vertebra.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.program.Program;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Codelets as clang compiles them; the sources are beside the objects. */
class CodeletTest {

    /** What is said of each program of {@code rejected.bpf.c} and {@code cases_wrong.bpf.c}, after the place. */
    private static final Map<String, String> PROBLEMS = Map.ofEntries(
            Map.entry("null_value", "r0 may be null"),
            Map.entry("map_bounds", "r0 + 8 may be outside a value of map `values`"),
            Map.entry("payload_bounds", "r2 may be outside the payload"),
            Map.entry(
                    "uninitialised_key",
                    "argument 2 (the key) of `bpf_map_lookup_elem`: the stack at r10 - 7 may be uninitialised"),
            Map.entry("lost_record", "a reserved record of map `events` is lost at the program's end"),
            Map.entry("pointer_leak", "a pointer would be stored in a value of map `values`"),
            Map.entry("endless", "the loop at insn 2 may never end"),
            Map.entry("long_loop", "a run may execute too many instructions"),
            Map.entry("context_write", "the context is read-only"),
            Map.entry("recursion", "`again` calls itself"),
            Map.entry("undefined_function", "calls `elsewhere`, which the object does not define"),
            Map.entry("behind", "r1 may be outside the stack"),
            Map.entry("measured", "r7 is not initialised"),
            Map.entry(
                    "part",
                    "argument 2 (memory to read) of `bpf_ringbuf_output`: r2 may be outside a value of map `values`"));

    static Stream<Program> accepted() {
        return Stream.of("accepted.bpf.o", "cases.bpf.o").flatMap(Fixtures::programs);
    }

    static Stream<Program> rejected() {
        return Stream.of("rejected.bpf.o", "cases_wrong.bpf.o").flatMap(Fixtures::programs);
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void shouldAcceptCommonCodelets(Program program) {
        var report = Verifier.verify(program, Fixtures.PLATFORM);
        assertThat(report)
                .as(ReportPrinter.print(program.name(), program.instructions().size(), report))
                .isInstanceOf(Accepted.class);
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void shouldRejectMistakesWithTheirLine(Program program) {
        var report = (Rejected) Verifier.verify(program, Fixtures.PLATFORM);
        var finding = report.findings().getFirst();
        assertThat(finding.problem()).isEqualTo(PROBLEMS.get(program.name()));
        assertThat(finding.source().orElseThrow().text()).isNotBlank();
        assertThat(finding.needed()).isNotBlank();
    }
}

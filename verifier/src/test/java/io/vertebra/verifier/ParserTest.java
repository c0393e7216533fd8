package io.vertebra.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.program.Program;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Loops that advance by what the payload says, as clang compiles them; the sources are beside the objects. */
class ParserTest {

    private static final NativePlatform PLATFORM = new NativePlatform(
                    Fixtures.CONTEXT, Fixtures.prototypes(), NativePlatform.QUEUED_STEPS)
            .withPayloadMax(1500);

    private static final long FEW = 10_000;

    /** What is said of the programs of {@code loops_wrong.bpf.c}, with what to do about it. */
    private static final Map<String, String> STANDING = Map.of(
            "standing_options",
            "the loop at insn 14 may never end; bound the loop by a constant: for (i = 0; i < LIMIT; i++)",
            "standing_records",
            "the loop at insn 6 (loops_wrong.bpf.c:26) may never end; if the step is a number from outside, check that"
                    + " it is not 0");

    static Stream<Program> ending() {
        return Fixtures.programs("loops.bpf.o");
    }

    static Stream<Program> standing() {
        return Fixtures.programs("loops_wrong.bpf.o");
    }

    @ParameterizedTest
    @MethodSource("ending")
    void shouldAcceptLoopsThatAdvance(Program program) {
        var report = Verifier.verify(program, PLATFORM);
        assertThat(report)
                .as(ReportPrinter.print(program.name(), program.instructions().size(), report))
                .isInstanceOf(Accepted.class);
        assertThat(report.statistics().instructions()).isLessThan(FEW);
    }

    @ParameterizedTest
    @MethodSource("standing")
    void shouldRejectLoopsThatMayStandStill(Program program) {
        var report = (Rejected) Verifier.verify(program, PLATFORM);
        var finding = report.findings().getFirst();
        assertThat(finding.problem() + "; " + finding.hint()).isEqualTo(STANDING.get(program.name()));
    }
}

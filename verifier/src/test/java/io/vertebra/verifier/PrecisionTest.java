package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.ifFound;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.report.ReportPrinter;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.program.Program;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers that decide nothing keep no paths apart; those that decide something do. */
class PrecisionTest {

    /** {@code bytes} took 59,560 instructions when all its sums were told apart, and {@code bits} 4,223. */
    private static final long FEW = 3_000;

    static Stream<Program> tallies() {
        return Fixtures.programs("tallies.bpf.o");
    }

    @ParameterizedTest
    @MethodSource("tallies")
    void shouldNotTellSumsApart(Program program) {
        var report = Verifier.verify(program, Fixtures.PLATFORM);
        assertThat(report)
                .as(ReportPrinter.print(program.name(), program.instructions().size(), report))
                .isInstanceOf(Accepted.class);
        assertThat(report.statistics().instructions()).isLessThan(FEW);
    }

    /** A place where two paths meet, with 1 or 2 in r7. */
    private static Code oneOrTwo() {
        return ifFound(0)
                .load(DOUBLE, 1, 6, 0)
                .mov(7, 1)
                .jumpIf(1, Condition.EQ, 0, "meet")
                .mov(7, 2)
                .label("meet");
    }

    @Test
    void shouldKeepIndexThroughArithmetic() {
        accepted(out(oneOrTwo().mov(8, r(7)).plus(8, 5).plus(0, r(8)).load(BYTE, 1, 0, 0)));
    }

    @Test
    void shouldKeepIndexThroughTheStack() {
        accepted(out(oneOrTwo()
                .store(DOUBLE, 10, -8, r(7))
                .load(DOUBLE, 8, 10, -8)
                .plus(0, r(8))
                .load(BYTE, 1, 0, 0)));
    }

    @Test
    void shouldKeepIndexThroughFunctions() {
        accepted(out(oneOrTwo()
                        .mov(9, r(0))
                        .mov(1, r(7))
                        .callLocal("twice")
                        .plus(9, r(0))
                        .load(BYTE, 1, 9, 0))
                .function("twice")
                .mov(0, r(1))
                .plus(0, r(1))
                .exit());
    }
}

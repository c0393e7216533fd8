package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.report.Finding;
import io.vertebra.verifier.report.Statistics;
import io.vertebra.verifier.report.VerificationReport.Rejected;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import org.junit.jupiter.api.Test;

/** Programs that are made to cost much get their verdict within the budget. */
class BudgetTest {

    private static final long INSTRUCTIONS = 1_000_001;
    private static final long STATES = 100_000;
    private static final NativePlatform QUEUED =
            new NativePlatform(Fixtures.CONTEXT, Fixtures.prototypes(), NativePlatform.QUEUED_STEPS);

    private static Code code() {
        return new Code().maps(Fixtures.ARRAY);
    }

    private static Finding rejected(Code code) {
        var report = Verifier.verify(code.build(), QUEUED);
        assertThat(report).isInstanceOf(Rejected.class);
        bounded(report.statistics());
        return ((Rejected) report).findings().getFirst();
    }

    private static Statistics bounded(Statistics statistics) {
        assertThat(statistics.instructions()).isLessThanOrEqualTo(INSTRUCTIONS);
        assertThat(statistics.states()).isLessThanOrEqualTo(STATES);
        return statistics;
    }

    /** 2^40 paths, each with another number at the end. */
    private static Code branches(int count) {
        var code = code().mov(6, r(1)).mov(7, 0);
        for (int i = 0; i < count; i++) {
            code.load(DOUBLE, 2, 6, 0)
                    .jumpIf(2, Condition.SET, 1 << i % 20, "skip" + i)
                    .plus(7, 1 << i % 20)
                    .label("skip" + i);
        }
        return code;
    }

    @Test
    void shouldJoinStatesOfManyPaths() {
        var report = accepted(branches(40).mov(0, r(7)).exit(), QUEUED);
        assertThat(bounded(report.statistics()).instructions()).isLessThan(500_000);
        assertThat(report.plan().maxSteps()).isEqualTo(2 + 40 * 3 + 2);
    }

    @Test
    void shouldRejectWhatOnlyManyPathsCouldShow() {
        var finding = rejected(branches(40)
                .lookup(0)
                .jumpIf(0, Condition.EQ, 0, "out")
                .plus(0, r(7))
                .load(DOUBLE, 1, 0, 0)
                .label("out")
                .result(0));
        assertThat(finding.problem()).isEqualTo("r0 may be outside a value of map `values`");
    }

    @Test
    void shouldRejectAProgramLongerThanTheBudget() {
        var code = code().mov(0, 0);
        for (int i = 0; i < 1_000_000; i++) {
            code.plus(0, 1);
        }
        assertThat(rejected(code.exit()).problem()).isEqualTo("the program is too complex to verify");
    }

    @Test
    void shouldVerifyALongProgram() {
        var code = code().mov(0, 0);
        for (int i = 0; i < 100_000; i++) {
            code.plus(0, 1).jumpIf(0, Condition.EQ, -1, "next" + i).label("next" + i);
        }
        assertThat(bounded(accepted(code.exit(), QUEUED).statistics()).instructions())
                .isEqualTo(200_002);
    }

    @Test
    void shouldVerifyManyFunctions() {
        var code = code();
        for (int i = 0; i < 10_000; i++) {
            code.callLocal("f" + i);
        }
        code.exit();
        for (int i = 0; i < 10_000; i++) {
            code.function("f" + i).result(i);
        }
        assertThat(bounded(accepted(code, QUEUED).statistics()).instructions()).isEqualTo(30_001);
    }

    @Test
    void shouldRejectLoopsThatDouble() {
        var code = code().load(DOUBLE, 6, 1, 0).mov(7, 0).mov(8, 0).label("loop");
        for (int i = 0; i < 20; i++) {
            code.jumpIf(6, Condition.SET, 1 << i, "skip" + i)
                    .plus(8, 1 << i)
                    .label("skip" + i)
                    .add(new Instruction.Alu(Instruction.Width.W64, AluOp.XOR, 6, r(8)));
        }
        var finding = rejected(code.jumpIf(8, Condition.NE, 12_345, "loop").result(0));
        assertThat(finding.needed()).isNotEmpty();
    }

    /** The number is made of itself 2^20000 times. */
    @Test
    void shouldTellWhereDoubledNumbersComeFrom() {
        var code = code().mov(6, r(1)).load(DOUBLE, 2, 6, 0).load(DOUBLE, 3, 6, 0);
        for (int i = 0; i < 20_000; i++) {
            code.plus(2, r(2));
        }
        var finding = rejected(code.jumpIf(2, Condition.EQ, 7, "out")
                .plus(6, r(3))
                .label("out")
                .result(0));
        assertThat(finding.path())
                .singleElement()
                .satisfies(step -> assertThat(step.slot()).isEqualTo(2));
    }

    /** More steps than a run may execute, in loops that are walked to find that out. */
    @Test
    void shouldRejectLongLoopsInEachOther() {
        for (int depth = 2; depth <= 6; depth++) {
            var code = code();
            for (int i = 0; i < depth; i++) {
                code.mov(4 + i, 0).label("loop" + i);
            }
            for (int i = depth - 1; i >= 0; i--) {
                code.plus(4 + i, 1).jumpIf(4 + i, Condition.LT, 1000, "loop" + i);
            }
            assertThat(rejected(code.result(0)).problem()).isEqualTo("the program is too complex to verify");
        }
    }
}

package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.ifFound;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import org.junit.jupiter.api.Test;

/** Loops that are too long to be walked are proved as a whole, and loops that may not end are not. */
class LoopProofTest {

    /** Few enough for a proof, too few to walk the loops here. */
    private static final long FEW = 5_000;

    private static final NativePlatform QUEUED =
            new NativePlatform(Fixtures.CONTEXT, Fixtures.prototypes(), NativePlatform.QUEUED_STEPS);

    private static Accepted proved(Code code) {
        var report = accepted(code, QUEUED);
        assertThat(report.statistics().instructions()).isLessThan(FEW);
        return report;
    }

    @Test
    void shouldProveCountingLoops() {
        for (var condition : new Condition[] {Condition.LT, Condition.NE, Condition.SLT}) {
            var report = proved(code().mov(6, 0)
                    .label("loop")
                    .plus(6, 1)
                    .jumpIf(6, condition, 100_000, "loop")
                    .result(0));
            assertThat(report.plan().maxSteps()).isBetween(200_003L, 200_100L);
        }
    }

    @Test
    void shouldProveLoopsThatTestFirst() {
        var report = proved(code().mov(6, 0)
                .label("loop")
                .jumpIf(6, Condition.GE, 100_000, "out")
                .plus(6, 1)
                .jump("loop")
                .label("out")
                .result(0));
        assertThat(report.plan().maxSteps()).isBetween(300_004L, 300_100L);
    }

    @Test
    void shouldProveLoopsThatCountDownOrInSteps() {
        proved(code().mov(6, 100_000)
                .label("loop")
                .plus(6, -1)
                .jumpIf(6, Condition.NE, 0, "loop")
                .result(0));
        proved(code().mov(6, 0)
                .label("loop")
                .plus(6, 8)
                .jumpIf(6, Condition.NE, 800_000, "loop")
                .result(0));
        proved(code().mov(6, 0)
                .label("loop")
                .alu32(AluOp.ADD, 6, 1)
                .jumpIf(Width.W32, 6, Condition.NE, 100_000, "loop")
                .result(0));
    }

    @Test
    void shouldProveLoopsWithABoundInARegister() {
        proved(code().load(WORD, 7, 1, 8)
                .jumpIf(7, Condition.GT, 50_000, "out")
                .mov(6, 0)
                .label("loop")
                .jumpIf(6, Condition.GE, r(7), "out")
                .plus(6, 1)
                .jump("loop")
                .label("out")
                .result(0));
    }

    @Test
    void shouldProveLoopsWithACounterOnTheStack() {
        proved(code().store(DOUBLE, 10, -8, 0)
                .label("loop")
                .load(DOUBLE, 6, 10, -8)
                .plus(6, 1)
                .store(DOUBLE, 10, -8, r(6))
                .jumpIf(6, Condition.LT, 50_000, "loop")
                .result(0));
    }

    @Test
    void shouldProveNestedLoops() {
        var report = proved(code().mov(6, 0)
                .label("outer")
                .mov(7, 0)
                .label("inner")
                .plus(7, 1)
                .jumpIf(7, Condition.LT, 300, "inner")
                .plus(6, 1)
                .jumpIf(6, Condition.LT, 300, "outer")
                .result(0));
        assertThat(report.plan().maxSteps()).isBetween(180_000L, 200_000L);
    }

    @Test
    void shouldAddLoopsThatFollowEachOther() {
        var code = code();
        for (int i = 0; i < 5; i++) {
            code.mov(6, 0).label("loop" + i).plus(6, 1).jumpIf(6, Condition.LT, 10_000, "loop" + i);
        }
        assertThat(proved(code.result(0)).plan().maxSteps()).isBetween(100_000L, 101_000L);
    }

    @Test
    void shouldUseTheCounterAsAnIndex() {
        proved(out(ifFound(0)
                .mov(2, 0)
                .mov(5, 0)
                .label("loop")
                .mov(3, r(2))
                .alu(AluOp.AND, 3, 63)
                .mov(4, r(0))
                .plus(4, r(3))
                .load(BYTE, 4, 4, 0)
                .plus(5, r(4))
                .plus(2, 1)
                .jumpIf(2, Condition.LT, 20_000, "loop")));
    }

    @Test
    void shouldChooseTheWayInsideALoop() {
        accepted(
                code().mov(6, 0)
                        .mov(7, 0)
                        .load(DOUBLE, 8, 1, 0)
                        .label("loop")
                        .jumpIf(8, Condition.SET, 1, "odd")
                        .plus(7, 1)
                        .label("odd")
                        .alu(AluOp.RSH, 8, 1)
                        .plus(6, 1)
                        .jumpIf(6, Condition.LT, 20_000, "loop")
                        .mov(0, r(7))
                        .exit(),
                QUEUED);
    }

    /** The second way does not count, so that the loop need not end. */
    @Test
    void shouldRejectLoopsThatDoNotAlwaysCount() {
        rejected(
                code().mov(7, r(1))
                        .mov(6, 0)
                        .label("loop")
                        .load(DOUBLE, 8, 7, 0)
                        .jumpIf(8, Condition.EQ, 0, "skip")
                        .plus(6, 1)
                        .label("skip")
                        .jumpIf(6, Condition.LT, 20_000, "loop")
                        .result(0),
                QUEUED,
                "insn 5: the loop at insn 5 may never end: its state is the same after 3 instructions");
    }

    @Test
    void shouldRejectLoopsThatStepOverTheirEnd() {
        rejected(
                code().mov(6, 0)
                        .label("loop")
                        .plus(6, 3)
                        .jumpIf(6, Condition.NE, 100_000, "loop")
                        .result(0),
                "insn 2: a run may execute too many instructions: 65537 instructions on this path");
    }

    @Test
    void shouldSayWhichLoopIsTooLong() {
        var report = rejected(code().mov(6, 0)
                .label("loop")
                .plus(6, 1)
                .jumpIf(6, Condition.NE, 100_000, "loop")
                .result(0));
        assertThat(report.findings().getFirst().hint())
                .isEqualTo("the loop at insn 1 has more than 21844 iterations; bound it by a smaller constant");
    }

    /** What was proved of the first iterations need not hold in the others. */
    @Test
    void shouldCheckAllIterations() {
        rejected(
                out(ifFound(0)
                        .mov(2, 0)
                        .label("loop")
                        .jumpIf(2, Condition.NE, 5_000, "next")
                        .load(BYTE, 4, 0, 64)
                        .label("next")
                        .plus(2, 1)
                        .jumpIf(2, Condition.LT, 20_000, "loop")),
                "insn 10: r0 + 64 may be outside a value of map `values`: offset 64, 1 byte, size 64");
        rejected(
                out(ifFound(0)
                        .mov(2, 0)
                        .store(DOUBLE, 10, -16, 0)
                        .label("loop")
                        .load(DOUBLE, 3, 10, -16)
                        .mov(4, r(0))
                        .plus(4, r(3))
                        .load(BYTE, 4, 4, 0)
                        .jumpIf(2, Condition.NE, 5_000, "next")
                        .store(DOUBLE, 10, -16, 64)
                        .label("next")
                        .plus(2, 1)
                        .jumpIf(2, Condition.LT, 20_000, "loop")),
                QUEUED,
                "insn 13: r4 may be outside a value of map `values`: offset 64, 1 byte, size 64");
    }

    @Test
    void shouldProveLoopsOverThePayload() {
        var platform = QUEUED.withPayloadMax(2048);
        var report = accepted(
                code().load(DOUBLE, 2, 1, 32)
                        .load(DOUBLE, 3, 1, 40)
                        .mov(0, 0)
                        .label("loop")
                        .mov(4, r(2))
                        .plus(4, 1)
                        .jumpIf(4, Condition.GT, r(3), "out")
                        .load(BYTE, 5, 2, 0)
                        .plus(0, r(5))
                        .mov(2, r(4))
                        .jump("loop")
                        .label("out")
                        .exit(),
                platform);
        assertThat(report.statistics().instructions()).isLessThan(FEW);
        assertThat(report.plan().maxSteps()).isBetween(2048L * 7, 2200L * 7);
    }

    @Test
    void shouldProveLoopsOverIndicesOfThePayload() {
        var platform = QUEUED.withPayloadMax(2048);
        var report = accepted(
                code().load(DOUBLE, 2, 1, 32)
                        .load(DOUBLE, 3, 1, 40)
                        .alu(AluOp.SUB, 3, r(2))
                        .mov(0, 0)
                        .mov(6, 0)
                        .label("loop")
                        .jumpIf(6, Condition.GE, r(3), "out")
                        .mov(4, r(2))
                        .plus(4, r(6))
                        .load(BYTE, 5, 4, 0)
                        .plus(0, r(5))
                        .plus(6, 1)
                        .jump("loop")
                        .label("out")
                        .exit(),
                platform);
        assertThat(report.statistics().instructions()).isLessThan(FEW);
    }

    @Test
    void shouldRejectReadingBehindThePayloadInALoop() {
        rejected(
                code().load(DOUBLE, 2, 1, 32)
                        .load(DOUBLE, 3, 1, 40)
                        .mov(0, 0)
                        .label("loop")
                        .mov(4, r(2))
                        .plus(4, 1)
                        .jumpIf(4, Condition.GT, r(3), "out")
                        .load(WORD, 5, 2, 0)
                        .mov(2, r(4))
                        .jump("loop")
                        .label("out")
                        .exit(),
                "insn 6: r2 may be outside the payload: offset 0, 4 bytes, 1 byte proven");
    }
}

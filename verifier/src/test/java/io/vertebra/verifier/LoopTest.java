package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.ifFound;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.isa.Instruction.Condition;
import org.junit.jupiter.api.Test;

/** Loops end, and their steps are counted. */
class LoopTest {
    private static Code loop(int times) {
        return code().mov(6, 0)
                .label("loop")
                .plus(6, 1)
                .jumpIf(6, Condition.LT, times, "loop")
                .result(0);
    }

    @Test
    void shouldCountStepsOfBoundedLoop() {
        assertThat(accepted(loop(60)).plan().maxSteps()).isEqualTo(1 + 60 * 2 + 2);
    }

    @Test
    void shouldRejectLoopsBeyondTheLimit() {
        rejected(loop(100_000), "insn 2: a run may execute too many instructions: 65537 instructions on this path");
    }

    @Test
    void shouldRejectEndlessLoop() {
        rejected(
                code().mov(0, 0).label("loop").plus(0, 0).jump("loop"),
                "insn 1: the loop at insn 1 may never end: its state is the same after 2 instructions");
        rejected(
                code().mov(7, r(1))
                        .label("loop")
                        .load(DOUBLE, 0, 7, 0)
                        .jumpIf(0, Condition.NE, 0, "loop")
                        .exit(),
                "insn 1: the loop at insn 1 may never end: its state is the same after 2 instructions");
    }

    @Test
    void shouldAddStepsAfterPrunedPaths() {
        var report = accepted(code().load(DOUBLE, 2, 1, 0)
                .mov(3, 0)
                .jumpIf(2, Condition.EQ, 0, "short")
                .plus(3, 0)
                .plus(3, 0)
                .plus(3, 0)
                .label("short")
                .mov(3, 0)
                .mov(0, 0)
                .mov(0, 0)
                .exit());
        assertThat(report.plan().maxSteps()).isEqualTo(10);
    }

    @Test
    void shouldIndexInsideALoop() {
        accepted(out(ifFound(0)
                .mov(2, 0)
                .mov(3, 0)
                .label("loop")
                .mov(4, r(0))
                .plus(4, r(2))
                .load(BYTE, 5, 4, 0)
                .plus(3, r(5))
                .plus(2, 1)
                .jumpIf(2, Condition.NE, 64, "loop")));
    }
}

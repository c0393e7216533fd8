package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import org.junit.jupiter.api.Test;

/** Programs that go on in other programs. */
class TailCallTest {

    private static Code code() {
        return new Code().maps(MapSpec.of("stages", MapType.PROG_ARRAY, 4, 4, 8), Fixtures.RING);
    }

    private static Code tailCall(Code code) {
        return code.map(2, 0).mov(3, 1).call(12);
    }

    @Test
    void shouldFallThroughAndCountTheChain() {
        var report = accepted(tailCall(code()).result(0));
        assertThat(report.plan().maxSteps()).isEqualTo(34 * 5);
        assertThat(report.plan().context()).isEqualTo(AccessPlan.ContextUse.HANDED_ON);
    }

    @Test
    void shouldRejectChainsThatTakeTooLong() {
        var looping = code().mov(6, r(1))
                .mov(7, 0)
                .label("loop")
                .plus(7, 1)
                .jumpIf(7, Condition.LT, 1000, "loop")
                .mov(1, r(6));
        rejected(
                tailCall(looping).result(0),
                "insn 0: a run may execute too many instructions: 2010 before a tail call, and there may be 33 tail"
                        + " calls, each to a program as long");
    }

    @Test
    void shouldGiveANumberWhenItFails() {
        accepted(tailCall(code()).exit());
        rejected(tailCall(code()).mov(0, r(1)).exit(), "insn 4: r1 is not initialised");
    }

    @Test
    void shouldRejectLostRecords() {
        rejected(
                tailCall(code().mov(6, r(1))
                                .map(1, 1)
                                .mov(2, 16)
                                .mov(3, 0)
                                .call(131)
                                .mov(7, r(0))
                                .mov(1, r(6)))
                        .result(0),
                "insn 11: a reserved record of map `events` is lost at a tail call: it is still reserved");
    }

    /** The caller would find in r0 what the other program gives: once this was accepted, with r0 = 0 believed. */
    @Test
    void shouldRejectTailCallsInSubprograms() {
        rejected(
                tailCall(code().callLocal("f").exit().function("f")).result(0),
                "insn 5: a tail call in `f`: only the entry function may end the run or go on in another program");
        rejected(
                tailCall(code().mov(3, r(1))
                                .mov(1, 3)
                                .functionAddress(2, "f")
                                .mov(4, 0)
                                .call(181)
                                .result(0)
                                .function("f")
                                .mov(1, r(2)))
                        .result(0),
                "insn 12: a tail call in `f`: only the entry function may end the run or go on in another program");
    }
}

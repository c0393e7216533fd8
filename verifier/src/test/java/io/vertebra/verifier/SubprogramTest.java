package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.program.AccessPlan;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Subprograms: arguments, frames, results. */
class SubprogramTest {
    @Test
    void shouldPassPointersToCallees() {
        var report = accepted(code().mov(2, r(10))
                .plus(2, -8)
                .callLocal("f")
                .load(DOUBLE, 0, 10, -8)
                .exit()
                .function("f")
                .load(DOUBLE, 3, 1, 0)
                .store(DOUBLE, 2, 0, r(3))
                .store(DOUBLE, 10, -16, 0)
                .mov(0, 0)
                .exit());
        assertThat(report.plan().stackBytes()).isEqualTo(24);
        assertThat(report.plan().context()).isEqualTo(AccessPlan.ContextUse.HANDED_ON);
    }

    @Test
    void shouldRejectRecursion() {
        rejected(
                code().callLocal("f").exit().function("f").callLocal("f").exit(),
                "insn 2: `f` calls itself: active are `main`, `f`");
    }

    @Test
    void shouldRejectDeepNesting() {
        var code = code();
        for (int i = 1; i <= 8; i++) {
            code.callLocal("f" + i).result(0).function("f" + i);
        }
        rejected(
                code.result(0),
                "insn 21: the call of `f8` nests too deep: active are `main`, `f1`, `f2`, `f3`, `f4`, `f5`, `f6`,"
                        + " `f7`");
    }

    @Test
    void shouldRejectEscapingLocals() {
        rejected(
                code().callLocal("f").result(0).function("f").mov(0, r(10)).exit(),
                "insn 4: the function returns the address of a local variable");
        rejected(
                code().mov(1, r(10))
                        .callLocal("f")
                        .result(0)
                        .function("f")
                        .store(DOUBLE, 1, -8, r(10))
                        .result(0),
                "insn 4: the address of a local variable would outlive its function: r10 is a pointer to the"
                        + " stack");
    }

    @Test
    void shouldClobberArguments() {
        rejected(code().callLocal("f").mov(0, r(1)).exit().function("f").result(0), "insn 1: r1 is not initialised");
        accepted(code().mov(6, 5)
                .callLocal("f")
                .mov(0, r(6))
                .exit()
                .function("f")
                .result(0));
        rejected(
                code().mov(6, 5)
                        .callLocal("f")
                        .result(0)
                        .function("f")
                        .mov(0, r(6))
                        .exit(),
                "insn 4: r6 is not initialised");
    }

    @Test
    void shouldReturnPointersOfTheCaller() {
        accepted(code().store(DOUBLE, 10, -8, 7)
                .mov(1, r(10))
                .plus(1, -8)
                .callLocal("f")
                .load(DOUBLE, 0, 0, 0)
                .exit()
                .function("f")
                .mov(0, r(1))
                .exit());
        rejected(
                code().callLocal("f")
                        .load(DOUBLE, 0, 0, 0)
                        .exit()
                        .function("f")
                        .lookup(0)
                        .exit(),
                "insn 1: r0 may be null: r0 is a pointer to a value of map `values`, maybe null");
    }

    @Test
    void shouldNeedResultsOnlyWhereTheyAreUsed() {
        accepted(code().callLocal("f").result(0).function("f").exit());
        rejected(
                code().callLocal("f").exit().function("f").exit(),
                "insn 1: r0 is not initialised at the program's end: r0 is not initialised");
    }

    @Test
    void shouldPlanForAllCallers() {
        var report = accepted(code().mov(6, r(1))
                .store(DOUBLE, 10, -8, 7)
                .mov(1, r(10))
                .plus(1, -8)
                .callLocal("f")
                .lookup(0)
                .jumpIf(0, Condition.EQ, 0, "out")
                .mov(1, r(0))
                .callLocal("f")
                .mov(1, r(6))
                .callLocal("g")
                .label("out")
                .result(0)
                .function("f")
                .load(DOUBLE, 0, 1, 0)
                .exit()
                .function("g")
                .load(DOUBLE, 0, 1, 0)
                .exit());
        assertThat(report.plan().accesses())
                .containsEntry(18, Set.of(new AccessPlan.Stack(), new AccessPlan.MapValue(0)))
                .containsEntry(20, Set.of(new AccessPlan.Context()));
        assertThat(report.plan().offsets()).containsEntry(20, 0).doesNotContainKey(18);
        assertThat(report.plan().context()).isEqualTo(AccessPlan.ContextUse.HANDED_ON);
    }
}

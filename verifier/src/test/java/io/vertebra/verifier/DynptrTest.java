package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.ifFound;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.program.AccessPlan;
import org.junit.jupiter.api.Test;

/** What C cannot easily say about dynptrs: the reports beside this test have the rest. */
class DynptrTest {

    private static final int RING = 2;

    private static Code place(Code code, int register, int offset) {
        return code.mov(register, r(10)).plus(register, offset);
    }

    private static Code reserve(Code code, int offset) {
        return place(code.map(1, RING).mov(2, 8).mov(3, 0), 4, offset).call(198);
    }

    private static Code submit(Code code, int offset) {
        return place(code, 1, offset).mov(2, 0).call(199);
    }

    private static Code ofValue(Code code, int offset) {
        return place(code.mov(1, r(0)).mov(2, 16).mov(3, 0), 4, offset).call(197);
    }

    private static Code slice(Code code, int offset) {
        return place(code, 1, offset).mov(2, 0).mov(3, 8).call(203);
    }

    @Test
    void shouldOverwriteOneThatNeedsNoRelease() {
        accepted(out(ofValue(ifFound(0), -32).store(WORD, 10, -20, 0)));
        rejected(
                out(slice(ofValue(ifFound(0), -32).store(WORD, 10, -20, 0), -32)),
                "insn 19: argument 1 (the dynptr) of `bpf_dynptr_data` is wrong: r1 is a pointer to the stack");
    }

    @Test
    void shouldKeepASliceOfAValue() {
        var plan = accepted(out(slice(ofValue(ifFound(0), -32), -32)
                        .jumpIf(0, Condition.EQ, 0, "out")
                        .store(DOUBLE, 10, -32, 0)
                        .store(DOUBLE, 0, 0, 1)))
                .plan();
        assertThat(plan.accesses().get(21)).containsExactly(new AccessPlan.MapValue(0));
    }

    @Test
    void shouldNotAllowAtomicsOnSlices() {
        rejected(
                out(slice(ofValue(ifFound(0), -32), -32)
                        .jumpIf(0, Condition.EQ, 0, "out")
                        .mov(1, 1)
                        .atomicAdd(DOUBLE, 0, 0, 1)),
                "insn 21: r0 may be misaligned for an atomic access: nobody knows where in its memory a dynptr begins");
    }

    @Test
    void shouldTellNeighboursApart() {
        accepted(submit(submit(reserve(reserve(code(), -16), -32), -32), -16).result(0));
        rejected(
                submit(reserve(code(), -16), -32).result(0),
                "insn 10: argument 1 (the dynptr) of `bpf_ringbuf_submit_dynptr` is wrong: r1 is a pointer to the stack"
                        + " where no dynptr is");
        rejected(
                reserve(reserve(code(), -16), -24).result(0),
                "insn 13: argument 4 (the dynptr) of `bpf_ringbuf_reserve_dynptr`: the stack at r10 - 16 holds a dynptr"
                        + " that would be overwritten: offset -24, 16 bytes");
    }

    @Test
    void shouldLieAtAFixedPlace() {
        rejected(
                reserve(code(), -12).result(0),
                "insn 6: argument 4 (the dynptr) of `bpf_ringbuf_reserve_dynptr`: the place of the dynptr is not"
                        + " fixed: r4 has offset -12");
        rejected(
                reserve(code(), -8).result(0),
                "insn 6: argument 4 (the dynptr) of `bpf_ringbuf_reserve_dynptr`: r4 may be outside the stack: offset"
                        + " -8, 16 bytes, the stack is [-512, 0)");
        rejected(
                code().load(DOUBLE, 6, 1, 0)
                        .alu(AluOp.AND, 6, 8)
                        .mov(4, r(10))
                        .plus(4, -64)
                        .plus(4, r(6))
                        .map(1, RING)
                        .mov(2, 8)
                        .mov(3, 0)
                        .call(198)
                        .result(0),
                "insn 9: argument 4 (the dynptr) of `bpf_ringbuf_reserve_dynptr`: the place of the dynptr is not"
                        + " fixed: r4 has offset [-64, -56]");
    }

    /** The path without a dynptr comes first and overwrites its place: it must not stand for the other one. */
    @Test
    void shouldNotLoseOneWherePathsMeet() {
        rejected(
                reserve(
                                code().load(DOUBLE, 6, 1, 0)
                                        .jumpIf(6, Condition.EQ, 0, "make")
                                        .label("meet")
                                        .store(DOUBLE, 10, -16, 0)
                                        .result(0)
                                        .label("make"),
                                -16)
                        .jump("meet"),
                "insn 2: the stack at r10 - 16 holds a dynptr that would be overwritten: offset -16, 8 bytes");
    }
}

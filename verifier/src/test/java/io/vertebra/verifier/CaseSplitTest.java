package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.ifFound;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.HALF;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import org.junit.jupiter.api.Test;

/** What is safe for a reason that is seen only when the values of a number are looked at in cases, and what is not. */
class CaseSplitTest {

    private static final int RINGBUF_OUTPUT = 130;
    private static final int RINGBUF_RESERVE = 131;
    private static final int RINGBUF_SUBMIT = 132;

    /** 16 bytes of stack, and in r7 an index of them. */
    private static Code buffer() {
        return code().store(DOUBLE, 10, -16, 0)
                .store(DOUBLE, 10, -8, 0)
                .load(WORD, 7, 1, 8)
                .alu(AluOp.AND, 7, 15)
                .mov(1, r(10))
                .plus(1, -16)
                .plus(1, r(7));
    }

    /** The index is either low enough to go on from, or what is left of the buffer behind it is small. */
    private static Code mirrored(int last) {
        return buffer().mov(2, last)
                .alu(AluOp.SUB, 2, r(7))
                .jumpIf(2, Condition.LT, 4, "near")
                .plus(1, 4)
                .load(BYTE, 0, 1, 0)
                .exit()
                .label("near")
                .plus(1, r(2))
                .load(BYTE, 0, 1, 0)
                .result(0);
    }

    @Test
    void shouldCancelAnIndexAgainstItself() {
        accepted(mirrored(15));
        rejected(mirrored(16), "insn 11: r1 may be outside the stack: offset [-12, 3], 1 byte, the stack is [-512, 0)");
    }

    /** An index that is bounded by way of what is shifted out of it. */
    private static Code shifted(int most) {
        return out(ifFound(0)
                .load(HALF, 2, 0, 0)
                .mov(3, r(2))
                .alu(AluOp.RSH, 3, 2)
                .jumpIf(3, Condition.GT, most, "out")
                .plus(0, r(2))
                .load(BYTE, 4, 0, 0));
    }

    @Test
    void shouldBoundByAShiftedCopy() {
        accepted(shifted(15));
        rejected(shifted(16), "insn 13: r0 may be outside a value of map `values`: offset [0, 65535], 1 byte, size 64");
    }

    /** A pointer in one of two slots, which is used from the one it was put into or from the other one. */
    private static Code spilled(int xor) {
        return code().store(DOUBLE, 10, -16, 0)
                .store(DOUBLE, 10, -8, 0)
                .load(WORD, 7, 1, 8)
                .alu(AluOp.AND, 7, 1)
                .alu(AluOp.LSH, 7, 3)
                .mov(2, r(10))
                .plus(2, r(7))
                .store(DOUBLE, 2, -16, r(1))
                .alu(AluOp.XOR, 7, xor)
                .mov(3, r(10))
                .plus(3, r(7))
                .load(DOUBLE, 4, 3, -16)
                .load(DOUBLE, 0, 4, 0)
                .exit();
    }

    @Test
    void shouldFollowPointersInOneOfSomeSlots() {
        accepted(spilled(0));
        rejected(spilled(8), "insn 7: a pointer would be stored at an unknown place: offset [-16, -8], 8 bytes");
    }

    /** A record of 16 or of 32 bytes, by a condition without a jump. */
    private static Code reserved(int offset) {
        return out(code().load(DOUBLE, 7, 1, 0)
                .alu(AluOp.RSH, 7, 63)
                .alu(AluOp.LSH, 7, 4)
                .mov(2, r(7))
                .plus(2, 16)
                .map(1, 2)
                .mov(3, 0)
                .call(RINGBUF_RESERVE)
                .jumpIf(0, Condition.EQ, 0, "out")
                .mov(2, r(0))
                .plus(2, r(7))
                .store(DOUBLE, 2, offset, 1)
                .store(DOUBLE, 0, 0, 1)
                .mov(1, r(0))
                .mov(2, 0)
                .call(RINGBUF_SUBMIT));
    }

    @Test
    void shouldReserveOneOfSomeSizes() {
        accepted(reserved(8));
        rejected(
                reserved(16),
                "insn 8: argument 2 (a size) of `bpf_ringbuf_reserve` is wrong: r2 is a number in [16, 32]");
    }

    /** A flag that is tested twice, each time in a copy. */
    private static Code flagged(int first, int second) {
        return out(code().load(WORD, 6, 1, 8)
                .mov(2, r(6))
                .alu(AluOp.AND, 2, first)
                .jumpIf(2, Condition.EQ, 0, "without")
                .store(DOUBLE, 10, -8, 7)
                .label("without")
                .mov(2, r(6))
                .alu(AluOp.AND, 2, second)
                .jumpIf(2, Condition.EQ, 0, "out")
                .load(DOUBLE, 3, 10, -8));
    }

    @Test
    void shouldCombineTestsOfOneFlag() {
        accepted(flagged(4, 4));
        accepted(flagged(6, 4));
        rejected(flagged(4, 6), "insn 8: the stack at r10 - 8 may be uninitialised: offset -8, 8 bytes read");
    }

    /** So many bytes from a place in 64 that together are not more than a sum. */
    private static Code sliced(int sum) {
        return out(ifFound(0)
                .load(BYTE, 7, 0, 0)
                .load(BYTE, 3, 0, 1)
                .mov(4, r(7))
                .plus(4, r(3))
                .jumpIf(4, Condition.GT, sum, "out")
                .jumpIf(3, Condition.EQ, 0, "out")
                .plus(0, r(7))
                .map(1, 2)
                .mov(2, r(0))
                .mov(4, 0)
                .call(RINGBUF_OUTPUT));
    }

    @Test
    void shouldBoundTwoNumbersByTheirSum() {
        accepted(sliced(48));
        rejected(
                sliced(65),
                "insn 19: argument 2 (memory to read) of `bpf_ringbuf_output`: r2 may be outside a value of map"
                        + " `values`: offset [0, 255], 255 bytes, size 64");
    }

    /** Bounds another number first, and that one afterwards. */
    private static Code late(int most) {
        return out(ifFound(0)
                .load(DOUBLE, 2, 0, 0)
                .load(DOUBLE, 3, 0, 8)
                .jumpIf(3, Condition.GT, r(2), "out")
                .jumpIf(2, Condition.GT, most, "out")
                .plus(0, r(3))
                .load(BYTE, 4, 0, 0));
    }

    @Test
    void shouldBoundByWhatIsBoundedLater() {
        accepted(late(63));
        rejected(late(64), "insn 13: r0 may be outside a value of map `values`: offset unbounded, 1 byte, size 64");
    }

    /** One of three parts of 60 bytes, and all that is behind it. */
    private static Code parts(int all) {
        return out(ifFound(0)
                .load(WORD, 7, 0, 0)
                .alu(AluOp.MOD, 7, 3)
                .alu(AluOp.MUL, 7, 20)
                .mov(3, all)
                .alu(AluOp.SUB, 3, r(7))
                .plus(0, r(7))
                .map(1, 2)
                .mov(2, r(0))
                .mov(4, 0)
                .call(RINGBUF_OUTPUT));
    }

    @Test
    void shouldTellRemaindersApart() {
        accepted(parts(64));
        rejected(
                parts(65),
                "insn 18: argument 2 (memory to read) of `bpf_ringbuf_output`: r2 may be outside a value of map"
                        + " `values`: offset [0, 40], 65 bytes, size 64");
    }

    /** One of two fields of the context. */
    private static Code field(int bit) {
        return code().load(WORD, 2, 1, 8)
                .alu(AluOp.AND, 2, bit)
                .plus(1, r(2))
                .load(DOUBLE, 0, 1, 16)
                .exit();
    }

    @Test
    void shouldReadOneOfSomeFields() {
        accepted(field(8));
        rejected(
                field(16),
                "insn 2: add is not possible on these operands: left is a pointer to the context, right is a number in"
                        + " [0, 16]");
    }

    /** The sign makes the number 0 or -1, so that no bits are left that only other numbers have. */
    private static Code sign(int wanted) {
        return out(code().load(WORD, 2, 1, 8)
                .alu32(AluOp.ARSH, 2, 31)
                .alu32(AluOp.AND, 2, -0x86)
                .jumpIf(Width.W32, 2, Condition.SGT, -1, "out")
                .jumpIf(Width.W32, 2, Condition.NE, wanted, "out")
                .mov(3, r(4)));
    }

    @Test
    void shouldSeeThatNoRunComesHere() {
        accepted(sign(-0x88));
        rejected(sign(-0x86), "insn 5: r4 is not initialised");
    }

    /** What is told in cases counts once, with the steps of the longest case. */
    @Test
    void shouldPlanForAllCases() {
        var report = accepted(out(code().load(WORD, 7, 1, 8)
                .alu(AluOp.AND, 7, 8)
                .mov(2, r(10))
                .plus(2, r(7))
                .store(DOUBLE, 2, -32, r(1))
                .jumpIf(7, Condition.EQ, 0, "out")
                .mov(3, r(10))
                .plus(3, r(7))
                .store(DOUBLE, 3, -72, 1)));
        assertThat(report.plan().maxSteps()).isEqualTo(11);
        assertThat(report.plan().stackBytes()).isEqualTo(64);
        assertThat(report.plan().offsets()).doesNotContainKey(4).containsEntry(8, -64);
    }

    /** Too many cases are not looked at. */
    @Test
    void shouldStayInTheBudget() {
        var code = code().store(DOUBLE, 10, -8, 0).mov(6, r(1)).mov(7, 0);
        for (int i = 0; i < 20; i++) {
            code.load(DOUBLE, 2, 6, 0).alu(AluOp.AND, 2, 15).plus(7, r(2));
        }
        var report =
                rejected(code.mov(3, r(10)).plus(3, r(7)).load(BYTE, 4, 3, -300).result(0));
        assertThat(report.statistics().instructions()).isLessThan(60_000);
    }
}

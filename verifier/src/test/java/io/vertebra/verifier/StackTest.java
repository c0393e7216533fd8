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

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import org.junit.jupiter.api.Test;

/** What is known of the stack, byte by byte. */
class StackTest {
    @Test
    void shouldTrackSpilledValues() {
        accepted(code().mov(2, 5)
                .store(DOUBLE, 10, -8, r(1))
                .store(WORD, 10, -16, r(2))
                .load(DOUBLE, 3, 10, -8)
                .load(DOUBLE, 0, 3, 0)
                .load(WORD, 4, 10, -16)
                .plus(4, r(10))
                .store(BYTE, 4, -6, 0)
                .exit());
    }

    @Test
    void shouldRejectOutsideAccess() {
        rejected(
                code().store(DOUBLE, 10, -520, 0).result(0),
                "insn 0: r10 - 520 may be outside the stack: offset -520, 8 bytes, the stack is [-512, 0)");
        rejected(
                code().store(WORD, 10, -2, 0).result(0),
                "insn 0: r10 - 2 may be outside the stack: offset -2, 4 bytes, the stack is [-512, 0)");
    }

    @Test
    void shouldRejectUninitialisedBytes() {
        rejected(
                code().store(WORD, 10, -8, 0).load(DOUBLE, 0, 10, -8).exit(),
                "insn 1: the stack at r10 - 4 may be uninitialised: offset -8, 8 bytes read");
        rejected(
                code().map(1, 0).mov(2, r(10)).plus(2, -4).call(1).result(0),
                "insn 4: argument 2 (the key) of `bpf_map_lookup_elem`: the stack at r10 - 4 may be uninitialised:"
                        + " offset -4, 4 bytes read");
    }

    @Test
    void shouldRejectReadingPointersAsData() {
        rejected(
                code().store(DOUBLE, 10, -8, r(1)).load(WORD, 0, 10, -8).exit(),
                "insn 1: the stack at r10 - 8 holds a pointer, which may not be read as data: offset -8, 4 bytes");
    }

    @Test
    void shouldForgetPointerThatWasOverwritten() {
        rejected(
                code().store(DOUBLE, 10, -8, r(1))
                        .store(BYTE, 10, -8, 0)
                        .load(DOUBLE, 2, 10, -8)
                        .result(0),
                "insn 2: the stack at r10 - 7 may be uninitialised: offset -8, 8 bytes read");
    }

    @Test
    void shouldForgetPointerBehindVariableStore() {
        rejected(
                code().store(DOUBLE, 10, -8, r(1))
                        .store(DOUBLE, 10, -16, 0)
                        .load(DOUBLE, 2, 1, 0)
                        .alu(AluOp.AND, 2, 15)
                        .plus(2, r(10))
                        .store(BYTE, 2, -16, 1)
                        .load(DOUBLE, 3, 10, -8)
                        .result(0),
                "insn 6: the stack at r10 - 8 may be uninitialised: offset -8, 8 bytes read");
    }

    @Test
    void shouldRememberWhatLaterPathsRead() {
        rejected(
                out(ifFound(0)
                        .store(DOUBLE, 10, -16, 100)
                        .load(DOUBLE, 2, 6, 0)
                        .jumpIf(2, Condition.EQ, 0, "first")
                        .store(DOUBLE, 10, -16, 3)
                        .label("first")
                        .load(WORD, 3, 6, 8)
                        .jumpIf(3, Condition.EQ, 0, "second")
                        .mov(4, 0)
                        .label("second")
                        .load(DOUBLE, 5, 10, -16)
                        .plus(0, r(5))
                        .load(BYTE, 2, 0, 0)),
                "insn 17: r0 may be outside a value of map `values`: offset 100, 1 byte, size 64");
    }

    @Test
    void shouldRejectUnboundedIndex() {
        rejected(
                code().load(DOUBLE, 2, 1, 0)
                        .plus(2, r(10))
                        .store(BYTE, 2, -16, 0)
                        .result(0),
                "insn 2: r2 - 16 may be outside the stack: offset unbounded, 1 byte, the stack is [-512, 0)");
    }

    private static Code partOfPointer() {
        return code().store(DOUBLE, 10, -8, 7).store(BYTE, 10, -6, r(1));
    }

    @Test
    void shouldKeepBytesBesidePartsOfPointers() {
        accepted(partOfPointer().load(HALF, 0, 10, -8).load(WORD, 0, 10, -4).exit());
    }

    @Test
    void shouldRejectReadingPartsOfPointers() {
        rejected(
                partOfPointer().load(BYTE, 0, 10, -6).exit(),
                "insn 2: the stack at r10 - 6 may be uninitialised: offset -6, 1 byte read");
        rejected(
                partOfPointer().load(DOUBLE, 0, 10, -8).exit(),
                "insn 2: the stack at r10 - 6 may be uninitialised: offset -8, 8 bytes read");
    }

    @Test
    void shouldRejectReadingPointersAcrossSlots() {
        rejected(
                code().store(DOUBLE, 10, -16, 7)
                        .store(DOUBLE, 10, -8, 7)
                        .store(DOUBLE, 10, -12, r(10))
                        .load(WORD, 0, 10, -16)
                        .load(WORD, 0, 10, -4)
                        .load(BYTE, 0, 10, -12)
                        .exit(),
                "insn 5: the stack at r10 - 12 may be uninitialised: offset -12, 1 byte read");
    }

    @Test
    void shouldRejectPointersStoredAtAnUnknownPlace() {
        rejected(
                code().load(WORD, 2, 1, 8)
                        .alu(AluOp.MOD, 2, 504)
                        .plus(2, r(10))
                        .store(DOUBLE, 2, -511, r(1))
                        .result(0),
                "insn 3: a pointer would be stored at an unknown place: offset [-511, -8], 8 bytes");
    }

    /** The length's lower half on the stack ended a path that had met another one, with another length. */
    @Test
    void shouldNotDecideByWhatIsNotRead() {
        rejected(
                out(ifFound(0)
                        .load(BYTE, 5, 0, 0)
                        .load(DOUBLE, 2, 6, 32)
                        .load(DOUBLE, 3, 6, 40)
                        .mov(4, r(3))
                        .alu(AluOp.SUB, 4, r(2))
                        .jumpIf(Width.W32, 4, Condition.LT, 9, "short")
                        .label("short")
                        .store(WORD, 10, -24, r(4))
                        .jumpIf(5, Condition.SET, 1, "odd")
                        .label("odd")
                        .mov(4, r(3))
                        .alu(AluOp.SUB, 4, r(2))
                        .jumpIf(4, Condition.SLT, 12, "out")
                        .load(WORD, 0, 2, 12)),
                "insn 19: r2 + 12 may be outside the payload: offset 12, 4 bytes, 12 bytes proven");
    }
}

package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;

import io.vertebra.verifier.platform.NativePlatform;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import org.junit.jupiter.api.Test;

/** The payload between {@code data} and {@code data_end}. */
class PayloadTest {
    private static Code payload() {
        return code().load(DOUBLE, 2, 1, 32).load(DOUBLE, 3, 1, 40);
    }

    @Test
    void shouldProveBothCompareOrders() {
        accepted(out(payload()
                .mov(4, r(2))
                .plus(4, 8)
                .jumpIf(4, Condition.GT, r(3), "out")
                .load(DOUBLE, 5, 2, 0)));
        accepted(out(payload()
                .mov(4, r(2))
                .plus(4, 8)
                .jumpIf(3, Condition.LT, r(4), "out")
                .load(DOUBLE, 5, 2, 0)));
        accepted(out(payload().mov(4, r(2)).jumpIf(4, Condition.GE, r(3), "out").load(BYTE, 5, 2, 0)));
    }

    @Test
    void shouldProveAByteWhereTheEndIsNotReached() {
        accepted(out(payload().jumpIf(2, Condition.EQ, r(3), "out").load(BYTE, 5, 2, 0)));
        accepted(out(payload()
                .mov(4, r(2))
                .plus(4, 8)
                .jumpIf(4, Condition.GT, r(3), "out")
                .jumpIf(3, Condition.EQ, r(4), "out")
                .load(BYTE, 5, 2, 8)));
        rejected(
                out(payload()
                        .mov(4, r(2))
                        .plus(4, 8)
                        .jumpIf(4, Condition.EQ, r(3), "out")
                        .load(BYTE, 5, 2, 8)),
                "insn 5: r2 + 8 may be outside the payload: offset 8, 1 byte, 0 bytes proven");
    }

    @Test
    void shouldRejectUnprovedAccess() {
        rejected(
                out(payload().load(BYTE, 5, 2, 0)),
                "insn 2: r2 may be outside the payload: offset 0, 1 byte, 0 bytes proven");
        rejected(
                out(payload()
                        .mov(4, r(2))
                        .plus(4, 8)
                        .jumpIf(4, Condition.GT, r(3), "out")
                        .load(DOUBLE, 5, 2, 1)),
                "insn 5: r2 + 1 may be outside the payload: offset 1, 8 bytes, 8 bytes proven");
        rejected(
                out(payload()
                        .mov(4, r(2))
                        .plus(4, 8)
                        .jumpIf(4, Condition.GT, r(3), "bad")
                        .jump("out")
                        .label("bad")
                        .load(BYTE, 5, 2, 0)),
                "insn 6: r2 may be outside the payload: offset 0, 1 byte, 0 bytes proven");
        rejected(out(payload().load(BYTE, 5, 3, 0)), "insn 2: r3 points after the payload");
    }

    @Test
    void shouldProveVariableIndex() {
        accepted(out(payload()
                .load(WORD, 5, 1, 8)
                .alu(AluOp.AND, 5, 255)
                .plus(2, r(5))
                .mov(4, r(2))
                .plus(4, 4)
                .jumpIf(4, Condition.GT, r(3), "out")
                .load(WORD, 5, 2, 0)));
        rejected(
                out(payload()
                        .load(WORD, 5, 1, 8)
                        .mov(6, r(2))
                        .plus(6, 4)
                        .jumpIf(6, Condition.GT, r(3), "out")
                        .plus(2, r(5))
                        .load(WORD, 5, 2, 0)),
                "insn 7: r2 may be outside the payload: offset [0, 4294967295], 4 bytes, 0 bytes proven behind the"
                        + " index");
    }

    @Test
    void shouldProveNothingBeforeAVariableIndex() {
        rejected(
                out(payload()
                        .load(WORD, 5, 1, 8)
                        .alu(AluOp.AND, 5, 15)
                        .plus(5, 64)
                        .plus(2, r(5))
                        .load(BYTE, 0, 2, -32)),
                "insn 6: r2 - 32 may be outside the payload: offset [32, 47], 1 byte, 0 bytes proven behind the index");
    }

    @Test
    void shouldRejectWritingUnlessAllowed() {
        var code = out(payload()
                .mov(4, r(2))
                .plus(4, 8)
                .jumpIf(4, Condition.GT, r(3), "out")
                .store(DOUBLE, 2, 0, 1));
        rejected(code, "insn 5: the payload is read-only");
        var platform = Fixtures.PLATFORM;
        accepted(code, new NativePlatform(platform.context(), platform.helpers(), platform.maxSteps(), true));
    }
}

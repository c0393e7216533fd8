package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.ifFound;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Registers: initialisation, arithmetic, comparisons, formats. */
class ValueTest {
    @Test
    void shouldRejectUninitialisedRegisters() {
        rejected(code().mov(0, r(7)).exit(), "insn 0: r7 is not initialised");
        rejected(code().exit(), "insn 0: r0 is not initialised at the program's end: r0 is not initialised");
        rejected(code().call(5).mov(0, r(1)).exit(), "insn 1: r1 is not initialised");
        rejected(
                code().load(DOUBLE, 2, 1, 0)
                        .jumpIf(2, Condition.EQ, 0, "skip")
                        .mov(3, 1)
                        .label("skip")
                        .mov(0, r(3))
                        .exit(),
                "insn 3: r3 is not initialised");
    }

    @Test
    void shouldRejectPointerArithmetic() {
        rejected(
                code().alu(AluOp.MUL, 1, 2).result(0),
                "insn 0: mul is not possible on these operands: left is a pointer to the context, right is the"
                        + " number 2");
        rejected(
                code().alu32(AluOp.ADD, 1, 2).result(0),
                "insn 0: add (32 bits) is not possible on these operands: left is a pointer to the context, right"
                        + " is the number 2");
        rejected(
                code().lookup(0).plus(0, 8).result(0),
                "insn 6: add is not possible on these operands: left is a pointer to a value of map `values`, maybe"
                        + " null, right is the number 8");
        rejected(
                code().alu32(AluOp.MOV, 2, r(1)).result(0),
                "insn 0: a 32-bit copy of a pointer: a pointer to the context");
    }

    @Test
    void shouldRejectComparingPointersWithNumbers() {
        rejected(
                code().jumpIf(1, Condition.GT, 7, "out").label("out").result(0),
                "insn 0: these operands cannot be compared: left is a pointer to the context, right is the"
                        + " number 7");
    }

    @Test
    void shouldRejectUnknownHelpers() {
        rejected(code().call(9999).result(0), "insn 0: helper 9999 is not available here");
    }

    private static Code print(String format) {
        return new Code()
                .maps(Fixtures.readOnly((format + '\0').getBytes(StandardCharsets.UTF_8)))
                .mapValue(1, 0, 0)
                .mov(2, format.length() + 1)
                .mov(3, 1)
                .call(6)
                .result(0);
    }

    @Test
    void shouldRejectFormatsThatFollowArguments() {
        accepted(print("%d of 100%%s"));
        var problem = "insn 4: the format follows an argument that is not known to be a pointer: ";
        rejected(print("%-8.4s"), problem + "\"%-8.4s\"");
        rejected(print("%% %pI4"), problem + "\"%% %pI4\"");
        rejected(print("%l%%s"), problem + "\"%l%%s\"");
        rejected(
                code().store(DOUBLE, 10, -8, 0)
                        .mov(1, r(10))
                        .plus(1, -8)
                        .mov(2, 8)
                        .call(6)
                        .result(0),
                "insn 4: the format is not constant: r1 does not point into read-only data");
    }

    @Test
    void shouldTolerateDivisionByZero() {
        accepted(code().load(DOUBLE, 2, 1, 0)
                .mov(0, 7)
                .alu(AluOp.DIV, 0, r(2))
                .alu(AluOp.MOD, 0, 0)
                .exit());
    }

    @Test
    void shouldNotTrustNarrowComparisons() {
        rejected(
                out(ifFound(0)
                        .load(DOUBLE, 2, 6, 0)
                        .jumpIf(Width.W32, 2, Condition.GT, 7, "out")
                        .plus(0, r(2))
                        .load(BYTE, 2, 0, 0)),
                "insn 11: r0 may be outside a value of map `values`: offset unbounded, 1 byte, size 64");
    }

    @Test
    void shouldCompareAddressesWithZeroWithoutSign() {
        accepted(code().lookup(0)
                .jumpIf(0, Condition.LE, 0, "out")
                .load(DOUBLE, 0, 0, 0)
                .label("out")
                .result(0));
        accepted(code().mov(2, 0)
                .jumpIf(1, Condition.GE, r(2), "out")
                .load(DOUBLE, 0, 3, 0)
                .label("out")
                .result(0));
        rejected(
                code().lookup(0)
                        .jumpIf(0, Condition.GE, 0, "found")
                        .result(0)
                        .label("found")
                        .load(DOUBLE, 0, 0, 0)
                        .exit(),
                "insn 9: r0 may be null: r0 is a pointer to a value of map `values`, maybe null");
    }

    @Test
    void shouldCompareMaps() {
        accepted(code().map(2, 0)
                .map(3, 1)
                .jumpIf(2, Condition.NE, r(3), "out")
                .label("out")
                .result(0));
        rejected(
                code().map(2, 0)
                        .map(3, 1)
                        .jumpIf(Width.W32, 2, Condition.NE, r(3), "out")
                        .label("out")
                        .result(0),
                "insn 4: these operands cannot be compared: left is map `values`, right is map `flows`");
    }
}

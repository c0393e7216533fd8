package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is known of one value tells of another: the payload's length, sums with constants, copies. */
class RelationTest {

    private static Code code() {
        return new Code().maps(Fixtures.ARRAY);
    }

    /** r2 is data, r3 is data_end. */
    private static Code payload() {
        return code().load(DOUBLE, 2, 1, 32).load(DOUBLE, 3, 1, 40);
    }

    /** r0 is a pointer to 64 bytes, r6 the context. */
    private static Code value() {
        return code().mov(6, r(1)).lookup(0).jumpIf(0, Condition.EQ, 0, "out");
    }

    private static Code out(Code code) {
        return code.label("out").result(0);
    }

    @Nested
    class Lengths {
        /** r4 is the payload's length. */
        private static Code length() {
            return payload().mov(4, r(3)).alu(AluOp.SUB, 4, r(2));
        }

        @Test
        void shouldProveByLength() {
            accepted(out(length().jumpIf(4, Condition.LT, 14, "out").load(WORD, 5, 2, 10)));
            accepted(out(length().jumpIf(4, Condition.SLE, 13, "out").load(WORD, 5, 2, 10)));
            accepted(out(length().alu32(AluOp.MOV, 5, r(4))
                    .jumpIf(Width.W32, 5, Condition.LT, 14, "out")
                    .load(WORD, 5, 2, 10)));
            rejected(
                    out(length().jumpIf(4, Condition.LT, 13, "out").load(WORD, 5, 2, 10)),
                    "insn 5: r2 + 10 may be outside the payload: offset 10, 4 bytes, 13 bytes proven");
            rejected(
                    out(length().jumpIf(4, Condition.GT, 14, "out").load(WORD, 5, 2, 10)),
                    "insn 5: r2 + 10 may be outside the payload: offset 10, 4 bytes, 0 bytes proven");
        }

        @Test
        void shouldProveByLengthBeforeADistance() {
            accepted(
                    out(length().plus(4, -14).jumpIf(4, Condition.SLT, 0, "out").load(WORD, 5, 2, 10)));
            rejected(
                    out(length().plus(4, -14)
                            .jumpIf(4, Condition.GT, 100, "out")
                            .load(WORD, 5, 2, 11)),
                    "insn 6: r2 + 11 may be outside the payload: offset 11, 4 bytes, 14 bytes proven");
            // As an unsigned number, a length below 14 minus 14 is great.
            rejected(
                    out(length().plus(4, -14)
                            .jumpIf(4, Condition.LT, 100, "out")
                            .load(BYTE, 5, 2, 0)),
                    "insn 6: r2 may be outside the payload: offset 0, 1 byte, 0 bytes proven");
        }

        @Test
        void shouldProveByShiftedLength() {
            accepted(out(length().alu(AluOp.LSH, 4, 32)
                    .alu(AluOp.RSH, 4, 32)
                    .jumpIf(4, Condition.LT, 14, "out")
                    .load(WORD, 5, 2, 10)));
            accepted(out(length().alu(AluOp.LSH, 4, 32)
                    .alu(AluOp.ARSH, 4, 32)
                    .jumpIf(4, Condition.SLT, 14, "out")
                    .load(WORD, 5, 2, 10)));
            rejected(
                    out(length().alu(AluOp.LSH, 4, 16)
                            .alu(AluOp.RSH, 4, 16)
                            .alu(AluOp.LSH, 4, 40)
                            .alu(AluOp.RSH, 4, 41)
                            .jumpIf(4, Condition.LT, 6, "out")
                            .load(WORD, 5, 2, 10)),
                    "insn 9: r2 + 10 may be outside the payload: offset 10, 4 bytes, 0 bytes proven");
        }

        @Test
        void shouldCompareOffsetsWithLength() {
            accepted(out(length().load(WORD, 5, 1, 8)
                    .mov(7, r(5))
                    .plus(7, 4)
                    .jumpIf(7, Condition.GT, r(4), "out")
                    .plus(2, r(5))
                    .load(WORD, 8, 2, 0)));
            accepted(out(length().load(WORD, 5, 1, 8)
                    .plus(2, r(5))
                    .plus(5, 4)
                    .jumpIf(4, Condition.LT, r(5), "out")
                    .load(WORD, 8, 2, 0)));
            rejected(
                    out(length().load(WORD, 5, 1, 8)
                            .mov(7, r(5))
                            .plus(7, 4)
                            .jumpIf(7, Condition.GT, r(4), "out")
                            .plus(2, r(5))
                            .load(WORD, 8, 2, 1)),
                    "insn 9: r2 + 1 may be outside the payload: offset [1, 2147483644], 4 bytes, 4 bytes proven behind"
                            + " the index");
        }

        @Test
        void shouldNotTrustSumsThatWrapAround() {
            // r5 + 4 is small when r5 is close to 2^32.
            rejected(
                    out(length().load(WORD, 5, 1, 8)
                            .alu32(AluOp.MOV, 7, r(5))
                            .alu32(AluOp.ADD, 7, 4)
                            .jumpIf(Width.W32, 7, Condition.GT, r(4), "out")
                            .plus(2, r(5))
                            .load(WORD, 8, 2, 0)),
                    "insn 9: r2 may be outside the payload: offset [0, 4294967295], 4 bytes, 0 bytes proven behind the"
                            + " index");
            rejected(
                    out(length().load(DOUBLE, 5, 1, 0)
                            .mov(7, r(5))
                            .plus(7, 4)
                            .jumpIf(7, Condition.SGT, r(4), "out")
                            .plus(2, r(5))
                            .load(WORD, 8, 2, 0)),
                    "insn 9: r2 may be outside the payload: offset unbounded, 4 bytes, 0 bytes proven behind the"
                            + " index");
        }

        @Test
        void shouldProveWhatIsLeft() {
            accepted(out(payload()
                    .load(WORD, 5, 1, 8)
                    .plus(2, r(5))
                    .mov(4, r(3))
                    .alu(AluOp.SUB, 4, r(2))
                    .jumpIf(4, Condition.SLT, 8, "out")
                    .load(DOUBLE, 8, 2, 0)));
            // What is left may be negative, which is great as an unsigned number.
            rejected(
                    out(payload()
                            .load(WORD, 5, 1, 8)
                            .plus(2, r(5))
                            .mov(4, r(3))
                            .alu(AluOp.SUB, 4, r(2))
                            .jumpIf(4, Condition.LT, 8, "out")
                            .load(DOUBLE, 8, 2, 0)),
                    "insn 7: r2 may be outside the payload: offset [0, 4294967295], 8 bytes, 0 bytes proven behind the"
                            + " index");
        }

        @Test
        void shouldShareProofsOfOneOffset() {
            accepted(out(payload()
                    .load(WORD, 5, 1, 8)
                    .mov(7, r(2))
                    .plus(7, r(5))
                    .plus(7, 8)
                    .jumpIf(7, Condition.GT, r(3), "out")
                    .plus(2, r(5))
                    .load(DOUBLE, 8, 2, 0)));
        }

        @Test
        void shouldProveByAPointerThatIsInside() {
            accepted(out(payload()
                    .load(WORD, 5, 1, 8)
                    .mov(7, r(2))
                    .plus(7, r(5))
                    .mov(8, r(7))
                    .plus(8, 4)
                    .jumpIf(8, Condition.GT, r(3), "out")
                    .load(WORD, 9, 1, 8)
                    .plus(2, r(9))
                    .jumpIf(2, Condition.GT, r(7), "out")
                    .load(WORD, 8, 2, 0)));
        }

        @Test
        void shouldFindTheEndByLength() {
            accepted(out(length().mov(5, r(2))
                    .plus(5, 4)
                    .jumpIf(5, Condition.GT, r(3), "out")
                    .plus(2, r(4))
                    .load(WORD, 8, 2, -4)));
        }

        @Test
        void shouldKnowThatProvedChecksSucceed() {
            accepted(out(payload()
                    .mov(4, r(2))
                    .plus(4, 8)
                    .jumpIf(4, Condition.GT, r(3), "out")
                    .plus(4, -4)
                    .jumpIf(4, Condition.LE, r(3), "out")
                    .load(DOUBLE, 8, 9, 0)));
        }
    }

    @Nested
    class Ends {
        @Test
        void shouldReadBeforeTheEnd() {
            accepted(out(payload()
                    .mov(4, r(2))
                    .plus(4, 8)
                    .jumpIf(4, Condition.GT, r(3), "out")
                    .load(WORD, 5, 3, -4)));
            accepted(out(
                    payload().plus(3, -4).jumpIf(3, Condition.LT, r(2), "out").load(WORD, 5, 3, 0)));
        }

        @Test
        void shouldRejectWhatIsNotThere() {
            rejected(
                    out(payload().load(WORD, 5, 3, -4)),
                    "insn 2: r3 - 4 may be before the payload: 4 bytes before the end, 0 bytes proven");
            rejected(
                    out(payload()
                            .mov(4, r(2))
                            .plus(4, 3)
                            .jumpIf(4, Condition.GT, r(3), "out")
                            .load(WORD, 5, 3, -4)),
                    "insn 5: r3 - 4 may be before the payload: 4 bytes before the end, 3 bytes proven");
            rejected(
                    out(payload()
                            .mov(4, r(2))
                            .plus(4, 8)
                            .jumpIf(4, Condition.GT, r(3), "out")
                            .load(WORD, 5, 3, -3)),
                    "insn 5: r3 points after the payload");
        }
    }

    @Nested
    class Sums {
        private static Code index(Code code) {
            return code.plus(0, r(2)).load(BYTE, 5, 0, 0);
        }

        @Test
        void shouldBoundByASum() {
            accepted(out(
                    index(value().load(WORD, 2, 6, 8).mov(3, r(2)).plus(3, 8).jumpIf(3, Condition.GT, 71, "out"))));
            rejected(
                    out(index(
                            value().load(WORD, 2, 6, 8).mov(3, r(2)).plus(3, 8).jumpIf(3, Condition.GT, 72, "out"))),
                    "insn 13: r0 may be outside a value of map `values`: offset [0, 64], 1 byte, size 64");
        }

        /** {@code x - 16 < 32} as an unsigned comparison is how clang writes {@code 16 <= x && x < 48}. */
        @Test
        void shouldBoundByAWrappedDifference() {
            accepted(out(index(value().load(WORD, 2, 6, 8)
                    .alu32(AluOp.MOV, 3, r(2))
                    .alu32(AluOp.ADD, 3, -16)
                    .jumpIf(Width.W32, 3, Condition.GE, 32, "out")
                    .plus(2, -16))));
            rejected(
                    out(index(value().load(WORD, 2, 6, 8)
                            .alu32(AluOp.MOV, 3, r(2))
                            .alu32(AluOp.ADD, 3, -16)
                            .jumpIf(Width.W32, 3, Condition.GE, 32, "out")
                            .plus(2, -17))),
                    "insn 14: r0 may be outside a value of map `values`: offset [-1, 30], 1 byte, size 64");
            rejected(
                    out(index(value().load(WORD, 2, 6, 8)
                            .alu32(AluOp.MOV, 3, r(2))
                            .alu32(AluOp.ADD, 3, 16)
                            .jumpIf(Width.W32, 3, Condition.GE, 32, "out"))),
                    "insn 13: r0 may be outside a value of map `values`: offset [0, 4294967295], 1 byte, size 64");
        }

        @Test
        void shouldNotTrustTheLowerHalf() {
            rejected(
                    out(index(value().load(DOUBLE, 2, 6, 0)
                            .alu32(AluOp.MOV, 3, r(2))
                            .jumpIf(3, Condition.GT, 63, "out"))),
                    "insn 12: r0 may be outside a value of map `values`: offset unbounded, 1 byte, size 64");
            accepted(out(index(value().load(DOUBLE, 2, 6, 0)
                    .alu32(AluOp.MOV, 3, r(2))
                    .jumpIf(3, Condition.GT, 63, "out")
                    .alu(AluOp.AND, 2, 127))));
        }

        @Test
        void shouldBoundSpilledCopies() {
            accepted(out(index(value().load(WORD, 2, 6, 8)
                    .store(DOUBLE, 10, -16, r(2))
                    .jumpIf(2, Condition.GT, 63, "out")
                    .load(DOUBLE, 2, 10, -16))));
            accepted(out(index(value().load(WORD, 2, 6, 8)
                    .store(WORD, 10, -16, r(2))
                    .plus(2, 1)
                    .jumpIf(2, Condition.GT, 64, "out")
                    .load(WORD, 2, 10, -16))));
        }

        @Test
        void shouldBoundAPointerAfterItWasMade() {
            accepted(out(value().load(WORD, 2, 6, 8)
                    .plus(0, r(2))
                    .jumpIf(2, Condition.GT, 63, "out")
                    .load(BYTE, 5, 0, 0)));
            rejected(
                    out(value().load(WORD, 2, 6, 8)
                            .plus(0, r(2))
                            .jumpIf(2, Condition.GT, 64, "out")
                            .load(BYTE, 5, 0, 0)),
                    "insn 11: r0 may be outside a value of map `values`: offset [0, 64], 1 byte, size 64");
        }

        @Test
        void shouldSeeThatACopyCannotDiffer() {
            accepted(out(value().load(WORD, 2, 6, 8)
                    .mov(3, r(2))
                    .plus(3, 1)
                    .jumpIf(2, Condition.GT, 10, "out")
                    .jumpIf(3, Condition.LE, 11, "out")
                    .load(BYTE, 5, 9, 0)));
        }

        @Test
        void shouldKnowTheDistanceOfPointers() {
            accepted(out(value().load(WORD, 2, 6, 8)
                    .alu(AluOp.AND, 2, 31)
                    .mov(7, r(0))
                    .plus(7, r(2))
                    .mov(8, r(7))
                    .plus(8, 8)
                    .alu(AluOp.SUB, 8, r(7))
                    .plus(0, r(8))
                    .load(DOUBLE, 5, 0, 48)));
        }

        @Test
        void shouldEndALoopAtAPointer() {
            accepted(out(value().mov(7, r(0))
                    .plus(7, 64)
                    .label("loop")
                    .load(DOUBLE, 5, 0, 0)
                    .plus(0, 8)
                    .jumpIf(0, Condition.NE, r(7), "loop")));
        }
    }
}

package io.vertebra.verifier;

import static io.vertebra.verifier.Code.r;
import static io.vertebra.verifier.Verdicts.accepted;
import static io.vertebra.verifier.Verdicts.code;
import static io.vertebra.verifier.Verdicts.out;
import static io.vertebra.verifier.Verdicts.rejected;
import static io.vertebra.vm.isa.Instruction.AccessSize.BYTE;
import static io.vertebra.vm.isa.Instruction.AccessSize.DOUBLE;
import static io.vertebra.vm.isa.Instruction.AccessSize.WORD;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import org.junit.jupiter.api.Test;

/** What is known of a place in the payload from a place that a number behind it, which varies. */
class DistanceTest {

    /** r2 is a place in the payload, r3 its end, r4 a number below 256. */
    private static Code place() {
        return code().load(DOUBLE, 2, 1, 32)
                .load(DOUBLE, 3, 1, 40)
                .load(WORD, 5, 1, 8)
                .load(DOUBLE, 6, 1, 0)
                .mov(4, r(5))
                .alu(AluOp.AND, 4, 255)
                .alu(AluOp.RSH, 5, 24)
                .plus(2, r(5));
    }

    /** Reads the fourth byte of the place when what is so far behind it is inside. */
    private static Code fourth(Code code, int distance) {
        return out(code.mov(5, r(2))
                .plus(5, r(distance))
                .jumpIf(5, Condition.GT, r(3), "out")
                .load(BYTE, 0, 2, 3));
    }

    @Test
    void shouldReadBeforeWhatIsInside() {
        accepted(fourth(place().jumpIf(4, Condition.LT, 4, "out"), 4));
        rejected(
                fourth(place().jumpIf(4, Condition.LT, 3, "out"), 4),
                "insn 12: r2 + 3 may be outside the payload: offset [3, 258], 1 byte, 3 bytes proven behind the index");
    }

    /** A number that may make the sum wrap around tells nothing. */
    @Test
    void shouldNotTrustFarSums() {
        rejected(
                fourth(place().jumpIf(6, Condition.LT, 4, "out"), 6),
                "insn 12: r2 + 3 may be outside the payload: offset [3, 258], 1 byte, 0 bytes proven behind the index");
    }

    @Test
    void shouldLearnTheDistanceAfterwards() {
        accepted(out(place().mov(5, r(2))
                .plus(5, r(4))
                .jumpIf(5, Condition.GT, r(3), "out")
                .jumpIf(4, Condition.NE, 10, "out")
                .load(BYTE, 0, 2, 9)));
        rejected(
                out(place().mov(5, r(2))
                        .plus(5, r(4))
                        .jumpIf(5, Condition.GT, r(3), "out")
                        .jumpIf(4, Condition.NE, 10, "out")
                        .load(BYTE, 0, 2, 10)),
                "insn 12: r2 + 10 may be outside the payload: offset [10, 265], 1 byte, 10 bytes proven behind the"
                        + " index");
    }

    /** Both ways give a place of the same range, but one of them has nothing to do with the first place. */
    @Test
    void shouldCompareDistancesWhereWaysMeet() {
        accepted(joined(2));
        rejected(
                joined(0),
                "insn 18: r2 + 3 may be outside the payload: offset [3, 258], 1 byte, 0 bytes proven behind the index");
    }

    private static Code joined(int place) {
        return out(place().alu(AluOp.OR, 4, 4)
                .load(DOUBLE, 0, 1, 32)
                .mov(7, r(2))
                .jumpIf(6, Condition.SET, 1, "other")
                .plus(7, r(4))
                .jump("both")
                .label("other")
                .mov(7, r(place))
                .plus(7, r(4))
                .label("both")
                .mov(4, 0)
                .jumpIf(7, Condition.GT, r(3), "out")
                .load(BYTE, 0, 2, 3));
    }
}

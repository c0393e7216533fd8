package io.vertebra.verifier.domain;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Width;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every abstract operator contains what the concrete one gives, at 8 and at 64 bits. */
class ScalarTest {

    private static final int ROUNDS = 20_000;

    private final long seed = Long.getLong("vertebra.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @ParameterizedTest
    @EnumSource(AluOp.class)
    void shouldContainConcreteResults(AluOp op) {
        for (int round = 0; round < ROUNDS; round++) {
            int width = round % 2 == 0 ? 8 : 64;
            var left = Sample.numbers(random, width);
            var right = Sample.numbers(random, width);
            for (var operandWidth : Width.values()) {
                var result = Sample.scalar(width, left).apply(op, operandWidth, Sample.scalar(width, right));
                for (long a : left) {
                    for (long b : right) {
                        long expected = concrete(op, width, operandWidth, a, b);
                        assertThat(result.contains(expected))
                                .as(
                                        "seed %d: %s %s %s of %s, %s = %d is in %s",
                                        seed, op, operandWidth, width, left, right, expected, result.wide())
                                .isTrue();
                    }
                }
            }
        }
    }

    /** RFC 9669 section 4.1 in big integers: written a second time, in another way. */
    private static long concrete(AluOp op, int width, Width operandWidth, long a, long b) {
        int bits = operandWidth == Width.W64 ? width : width / 2;
        var ua = Sample.unsigned(bits, a);
        var ub = Sample.unsigned(bits, b);
        var sa = BigInteger.valueOf(Range.signed(bits, a));
        var sb = BigInteger.valueOf(Range.signed(bits, b));
        int shift = ub.intValue() & (bits - 1);
        var result = switch (op) {
            case ADD -> ua.add(ub);
            case SUB -> ua.subtract(ub);
            case MUL -> ua.multiply(ub);
            case DIV -> ub.signum() == 0 ? BigInteger.ZERO : ua.divide(ub);
            case SDIV -> sb.signum() == 0 ? BigInteger.ZERO : sa.divide(sb);
            case MOD -> ub.signum() == 0 ? ua : ua.remainder(ub);
            case SMOD -> sb.signum() == 0 ? sa : sa.remainder(sb);
            case OR -> ua.or(ub);
            case AND -> ua.and(ub);
            case XOR -> ua.xor(ub);
            case LSH -> ua.shiftLeft(shift);
            case RSH -> ua.shiftRight(shift);
            case ARSH -> sa.shiftRight(shift);
            case MOV -> ub;
        };
        return Range.signed(width, result.mod(BigInteger.ONE.shiftLeft(bits)).longValue());
    }

    @ParameterizedTest
    @EnumSource(Condition.class)
    void shouldKeepWhatABranchAllows(Condition condition) {
        for (int round = 0; round < ROUNDS; round++) {
            int width = round % 2 == 0 ? 8 : 64;
            var left = Sample.numbers(random, width);
            var right = Sample.numbers(random, width);
            for (var operandWidth : Width.values()) {
                for (boolean holds : new boolean[] {true, false}) {
                    var sides = Comparison.assume(
                            operandWidth, condition, holds, Sample.scalar(width, left), Sample.scalar(width, right));
                    for (long a : left) {
                        for (long b : right) {
                            if (holds(condition, width, operandWidth, a, b) == holds) {
                                assertThat(!sides.isEmpty()
                                                && sides.left().contains(a)
                                                && sides.right().contains(b))
                                        .as(
                                                "seed %d: %d %s %s %d (%s bits) is %s in %s",
                                                seed, a, condition, operandWidth, b, width, holds, sides)
                                        .isTrue();
                            }
                        }
                    }
                }
            }
        }
    }

    private static boolean holds(Condition condition, int width, Width operandWidth, long a, long b) {
        int bits = operandWidth == Width.W64 ? width : width / 2;
        int unsigned = Sample.unsigned(bits, a).compareTo(Sample.unsigned(bits, b));
        int signed = Long.compare(Range.signed(bits, a), Range.signed(bits, b));
        return switch (condition) {
            case EQ -> unsigned == 0;
            case NE -> unsigned != 0;
            case GT -> unsigned > 0;
            case GE -> unsigned >= 0;
            case LT -> unsigned < 0;
            case LE -> unsigned <= 0;
            case SGT -> signed > 0;
            case SGE -> signed >= 0;
            case SLT -> signed < 0;
            case SLE -> signed <= 0;
            case SET -> Sample.unsigned(bits, a & b).signum() != 0;
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void shouldContainExtensions(int count) {
        for (int round = 0; round < ROUNDS; round++) {
            int width = 16;
            var numbers = Sample.numbers(random, width);
            var scalar = Sample.scalar(width, numbers);
            for (long n : numbers) {
                assertThat(scalar.zeroExtended(count).contains(n & Tnum.lowBits(count)))
                        .as("seed %d", seed)
                        .isTrue();
                assertThat(scalar.signExtended(count, Width.W64).contains(Range.signed(count, n)))
                        .as("seed %d", seed)
                        .isTrue();
                assertThat(scalar.signExtended(count, Width.W32).contains(Range.signed(count, n) & 0xff))
                        .as("seed %d", seed)
                        .isTrue();
                assertThat(scalar.negate(Width.W32).contains(-n & 0xff))
                        .as("seed %d", seed)
                        .isTrue();
            }
        }
    }

    @Test
    void shouldCoverBothSidesOfAJoin() {
        for (int round = 0; round < ROUNDS; round++) {
            var a = Sample.scalar(64, Sample.numbers(random, 64));
            var b = Sample.scalar(64, Sample.numbers(random, 64));
            assertThat(a.join(b).covers(a) && a.join(b).covers(b))
                    .as("seed %d", seed)
                    .isTrue();
        }
    }

    @Test
    void shouldCoverOnlyWhatItContains() {
        for (int round = 0; round < ROUNDS; round++) {
            var numbers = Sample.numbers(random, 8);
            var a = Sample.scalar(8, Sample.numbers(random, 8));
            var b = Sample.scalar(8, numbers);
            if (a.covers(b)) {
                assertThat(numbers).as("seed %d: %s", seed, a).allMatch(a::contains);
            }
        }
    }

    @Test
    void shouldBePreciseWhereCodeletsNeedIt() {
        var any = Scalar.UNKNOWN;
        var masked = any.apply(AluOp.AND, Width.W64, Scalar.constant(31));
        assertThat(masked).hasToString("[0, 31]");
        assertThat(masked.apply(AluOp.LSH, Width.W64, Scalar.constant(3))).hasToString("[0, 248]");
        assertThat(any.apply(AluOp.MOD, Width.W64, Scalar.constant(60))).hasToString("[0, 59]");
        assertThat(any.apply(AluOp.RSH, Width.W64, Scalar.constant(60))).hasToString("[0, 15]");
        var bounded = Comparison.assume(Width.W32, Condition.GT, false, Scalar.loaded(4, false), Scalar.constant(63));
        assertThat(bounded.left()).hasToString("[0, 63]");
        var signed = bounded.left()
                .apply(AluOp.LSH, Width.W64, Scalar.constant(32))
                .apply(AluOp.ARSH, Width.W64, Scalar.constant(32));
        assertThat(signed).hasToString("[0, 63]");
        assertThat(Comparison.assume(Width.W64, Condition.EQ, true, masked, Scalar.constant(32))
                        .isEmpty())
                .isTrue();
        assertThat(List.of(Scalar.constant(-1), any)).hasToString("[-1, any number]");
    }
}

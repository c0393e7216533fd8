package io.vertebra.vm.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Width;
import java.math.BigInteger;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AluSemanticsTest {

    private static final int ROUNDS = 20_000;
    private static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        31,
        32,
        33,
        63,
        64,
        65,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        Integer.MIN_VALUE,
        Integer.MAX_VALUE,
        0x80000000L,
        0xffffffffL,
        0x100000000L,
        0xffffffff00000000L
    };

    @ParameterizedTest
    @CsvSource({
        "DIV, 7, 0, 0",
        "DIV, -1, 2, 9223372036854775807",
        "SDIV, 7, 0, 0",
        "SDIV, -7, 2, -3",
        "SDIV, -9223372036854775808, -1, -9223372036854775808",
        "MOD, 7, 0, 7",
        "MOD, -1, 10, 5",
        "SMOD, 7, 0, 7",
        "SMOD, -7, 3, -1",
        "SMOD, 7, -3, 1",
        "SMOD, -9223372036854775808, -1, 0",
        "LSH, 1, 64, 1",
        "LSH, 1, 65, 2",
        "RSH, -1, 63, 1",
        "RSH, -1, 64, -1",
        "ARSH, -8, 65, -4",
        "MOV, 5, -9, -9"
    })
    void shouldCompute64BitEdges(AluOp op, long a, long b, long expected) {
        assertThat(AluSemantics.alu64(op, a, b)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "ADD, 0xffffffff, 1, 0",
        "SUB, 0, 1, 0xffffffff",
        "MUL, 0x10000, 0x10000, 0",
        "DIV, 0x1ffffffff, 0, 0",
        "DIV, 0xffffffff, 2, 0x7fffffff",
        "DIV, 0x100000007, 0x100000002, 3",
        "SDIV, 0x80000000, -1, 0x80000000",
        "SDIV, -7, 2, 0xfffffffd",
        "MOD, 0x1ffffffff, 0, 0xffffffff",
        "SMOD, 0x80000000, -1, 0",
        "SMOD, -7, 0, 0xfffffff9",
        "LSH, 1, 32, 1",
        "LSH, 1, 31, 0x80000000",
        "RSH, 0x80000000, 33, 0x40000000",
        "ARSH, 0x80000000, 31, 0xffffffff",
        "XOR, 0x1ffffffff, 0, 0xffffffff",
        "MOV, 0, -1, 0xffffffff"
    })
    void shouldZeroExtend32BitResults(AluOp op, String a, String b, String expected) {
        assertThat(AluSemantics.alu32(op, Long.decode(a), Long.decode(b))).isEqualTo(Long.decode(expected));
    }

    @ParameterizedTest
    @EnumSource(AluOp.class)
    void shouldAgreeWithMathematics(AluOp op) {
        long seed = ThreadLocalRandom.current().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            long a = operand(random);
            long b = operand(random);
            String place = op + " " + a + ", " + b + ", seed " + seed;
            assertThat(AluSemantics.alu64(op, a, b)).as(place).isEqualTo(reference(op, a, b, 64));
            assertThat(AluSemantics.alu32(op, a, b)).as(place).isEqualTo(reference(op, a, b, 32));
        }
    }

    @ParameterizedTest
    @EnumSource(Condition.class)
    void shouldCompareLikeMathematics(Condition condition) {
        long seed = ThreadLocalRandom.current().nextLong();
        var random = new Random(seed);
        for (int i = 0; i < ROUNDS; i++) {
            long a = operand(random);
            long b = random.nextInt(4) == 0 ? a : operand(random);
            for (var width : Width.values()) {
                int bits = width == Width.W64 ? 64 : 32;
                assertThat(AluSemantics.holds(width, condition, a, b))
                        .as(condition + " " + width + " " + a + ", " + b + ", seed " + seed)
                        .isEqualTo(reference(condition, a, b, bits));
            }
        }
    }

    @Test
    void shouldSwapBytes() {
        long value = 0x1122334455667788L;
        assertThat(AluSemantics.swap(Order.LITTLE, 16, value)).isEqualTo(0x7788L);
        assertThat(AluSemantics.swap(Order.LITTLE, 32, value)).isEqualTo(0x55667788L);
        assertThat(AluSemantics.swap(Order.LITTLE, 64, value)).isEqualTo(value);
        assertThat(AluSemantics.swap(Order.BIG, 16, value)).isEqualTo(0x8877L);
        assertThat(AluSemantics.swap(Order.BIG, 32, value)).isEqualTo(0x88776655L);
        assertThat(AluSemantics.swap(Order.SWAP, 64, value)).isEqualTo(0x8877665544332211L);
        assertThat(AluSemantics.swap(Order.SWAP, 32, 0x80L)).isEqualTo(0x80000000L);
    }

    @Test
    void shouldExtendSigns() {
        assertThat(AluSemantics.signExtend(Width.W64, 8, 0x80)).isEqualTo(-128);
        assertThat(AluSemantics.signExtend(Width.W32, 8, 0x80)).isEqualTo(0xffffff80L);
        assertThat(AluSemantics.signExtend(Width.W64, 16, 0xf7fff)).isEqualTo(0x7fff);
        assertThat(AluSemantics.signExtend(Width.W64, 32, 0x80000000L)).isEqualTo(Integer.MIN_VALUE);
    }

    @Test
    void shouldNegate() {
        assertThat(AluSemantics.negate(Width.W64, Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
        assertThat(AluSemantics.negate(Width.W32, 0x80000000L)).isEqualTo(0x80000000L);
        assertThat(AluSemantics.negate(Width.W32, 1)).isEqualTo(0xffffffffL);
    }

    private static long operand(Random random) {
        return random.nextBoolean() ? EDGES[random.nextInt(EDGES.length)] : random.nextLong() >> random.nextInt(64);
    }

    /** RFC 9669 in arbitrary precision. */
    private static long reference(AluOp op, long a, long b, int bits) {
        BigInteger modulus = BigInteger.ONE.shiftLeft(bits);
        BigInteger x = BigInteger.valueOf(a).mod(modulus);
        BigInteger y = BigInteger.valueOf(b).mod(modulus);
        BigInteger sx = signed(x, bits);
        BigInteger sy = signed(y, bits);
        int shift = y.intValue() & (bits - 1);
        boolean zero = y.signum() == 0;
        BigInteger result = switch (op) {
            case ADD -> x.add(y);
            case SUB -> x.subtract(y);
            case MUL -> x.multiply(y);
            case DIV -> zero ? BigInteger.ZERO : x.divide(y);
            case SDIV -> zero ? BigInteger.ZERO : sx.divide(sy);
            case MOD -> zero ? x : x.remainder(y);
            case SMOD -> zero ? x : sx.remainder(sy);
            case OR -> x.or(y);
            case AND -> x.and(y);
            case XOR -> x.xor(y);
            case LSH -> x.shiftLeft(shift);
            case RSH -> x.shiftRight(shift);
            case ARSH -> sx.shiftRight(shift);
            case MOV -> y;
        };
        return result.mod(modulus).longValue();
    }

    private static boolean reference(Condition condition, long a, long b, int bits) {
        BigInteger modulus = BigInteger.ONE.shiftLeft(bits);
        BigInteger x = BigInteger.valueOf(a).mod(modulus);
        BigInteger y = BigInteger.valueOf(b).mod(modulus);
        int unsigned = x.compareTo(y);
        int signed = signed(x, bits).compareTo(signed(y, bits));
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
            case SET -> x.and(y).signum() != 0;
        };
    }

    private static BigInteger signed(BigInteger value, int bits) {
        return value.testBit(bits - 1) ? value.subtract(BigInteger.ONE.shiftLeft(bits)) : value;
    }
}

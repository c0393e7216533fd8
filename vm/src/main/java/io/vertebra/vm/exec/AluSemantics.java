package io.vertebra.vm.exec;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Width;

/**
 * What arithmetic, byte swaps and comparisons of RFC 9669 sections 4.1 to 4.3 compute: the one definition that all
 * executors share. Division by zero gives 0, modulo by zero leaves the dividend; shift amounts are masked to the width;
 * the smallest integer divided by -1 gives itself, remainder 0; 32-bit results are zero-extended. Stateless.
 */
public final class AluSemantics {

    private static final long LOW = 0xffff_ffffL;

    private AluSemantics() {}

    /** A 64-bit operation. */
    public static long alu64(AluOp op, long a, long b) {
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> divideUnsigned64(a, b);
            case SDIV -> divideSigned64(a, b);
            case MOD -> moduloUnsigned64(a, b);
            case SMOD -> moduloSigned64(a, b);
            case OR -> a | b;
            case AND -> a & b;
            case XOR -> a ^ b;
            case LSH -> a << b;
            case RSH -> a >>> b;
            case ARSH -> a >> b;
            case MOV -> b;
        };
    }

    /** A 32-bit operation on the low halves; the result is zero-extended. */
    public static long alu32(AluOp op, long a, long b) {
        int x = (int) a;
        int y = (int) b;
        int result = switch (op) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case DIV -> divideUnsigned32(x, y);
            case SDIV -> divideSigned32(x, y);
            case MOD -> moduloUnsigned32(x, y);
            case SMOD -> moduloSigned32(x, y);
            case OR -> x | y;
            case AND -> x & y;
            case XOR -> x ^ y;
            case LSH -> x << y;
            case RSH -> x >>> y;
            case ARSH -> x >> y;
            case MOV -> y;
        };
        return result & LOW;
    }

    /** {@code DIV}, 64 bits. */
    public static long divideUnsigned64(long a, long b) {
        return b == 0 ? 0 : Long.divideUnsigned(a, b);
    }

    /** {@code SDIV}, 64 bits. */
    public static long divideSigned64(long a, long b) {
        return b == 0 ? 0 : a / b;
    }

    /** {@code MOD}, 64 bits. */
    public static long moduloUnsigned64(long a, long b) {
        return b == 0 ? a : Long.remainderUnsigned(a, b);
    }

    /** {@code SMOD}, 64 bits: the sign is the dividend's. */
    public static long moduloSigned64(long a, long b) {
        return b == 0 ? a : a % b;
    }

    /** {@code DIV}, 32 bits. */
    public static int divideUnsigned32(int a, int b) {
        return b == 0 ? 0 : Integer.divideUnsigned(a, b);
    }

    /** {@code SDIV}, 32 bits. */
    public static int divideSigned32(int a, int b) {
        return b == 0 ? 0 : a / b;
    }

    /** {@code MOD}, 32 bits. */
    public static int moduloUnsigned32(int a, int b) {
        return b == 0 ? a : Integer.remainderUnsigned(a, b);
    }

    /** {@code SMOD}, 32 bits: the sign is the dividend's. */
    public static int moduloSigned32(int a, int b) {
        return b == 0 ? a : a % b;
    }

    /** {@code NEG}. */
    public static long negate(Width width, long value) {
        return width == Width.W64 ? -value : -value & LOW;
    }

    /** {@code MOVSX} from the low {@code bits}, 8, 16 or 32. */
    public static long signExtend(Width width, int bits, long value) {
        long extended = value << (64 - bits) >> (64 - bits);
        return width == Width.W64 ? extended : extended & LOW;
    }

    /** {@code LE}, {@code BE} and {@code BSWAP} of the low {@code bits}, 16, 32 or 64, on a little-endian machine. */
    public static long swap(Order order, int bits, long value) {
        long shifted = value << (64 - bits);
        return switch (order) {
            case LITTLE -> shifted >>> (64 - bits);
            case BIG, SWAP -> Long.reverseBytes(shifted) & (-1L >>> (64 - bits));
        };
    }

    /** Whether a condition holds in a width. */
    public static boolean holds(Width width, Condition condition, long a, long b) {
        if (width == Width.W64) {
            return holds64(condition, a, b);
        }
        int x = (int) a;
        int y = (int) b;
        return holds64(condition, x, y);
    }

    /** Sign extension keeps the order of 32-bit numbers, unsigned too, so that one switch serves both widths. */
    private static boolean holds64(Condition condition, long a, long b) {
        return switch (condition) {
            case EQ -> a == b;
            case NE -> a != b;
            case GT -> Long.compareUnsigned(a, b) > 0;
            case GE -> Long.compareUnsigned(a, b) >= 0;
            case LT -> Long.compareUnsigned(a, b) < 0;
            case LE -> Long.compareUnsigned(a, b) <= 0;
            case SGT -> a > b;
            case SGE -> a >= b;
            case SLT -> a < b;
            case SLE -> a <= b;
            case SET -> (a & b) != 0;
        };
    }
}

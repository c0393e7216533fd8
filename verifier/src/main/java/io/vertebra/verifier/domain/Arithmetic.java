package io.vertebra.verifier.domain;

import io.vertebra.vm.isa.Instruction.AluOp;

/** RFC 9669 section 4.1 on two known words of any width: what the operations give for constants. */
final class Arithmetic {

    private Arithmetic() {}

    /** The result for sign-extended operands of {@code width} bits; its bits above the width mean nothing. */
    static long evaluate(AluOp op, int width, long a, long b) {
        long bits = Tnum.lowBits(width);
        int shift = (int) b & (width - 1);
        return switch (op) {
            case ADD -> a + b;
            case SUB -> a - b;
            case MUL -> a * b;
            case DIV -> b == 0 ? 0 : Long.divideUnsigned(a & bits, b & bits);
            case SDIV -> b == 0 ? 0 : a / b;
            case MOD -> b == 0 ? a : Long.remainderUnsigned(a & bits, b & bits);
            case SMOD -> b == 0 ? a : a % b;
            case OR -> a | b;
            case AND -> a & b;
            case XOR -> a ^ b;
            case LSH -> a << shift;
            case RSH -> (a & bits) >>> shift;
            case ARSH -> a >> shift;
            case MOV -> b;
        };
    }
}

package io.vertebra.vm.isa;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Operand;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** Operands of the text form: registers, numbers with their ranges, sizes. */
final class TextOperands {

    private static final BigInteger WORD_SIZE = BigInteger.ONE.shiftLeft(Integer.SIZE);
    private static final BigInteger DOUBLE_SIZE = BigInteger.ONE.shiftLeft(Long.SIZE);

    private static final Pattern NUMBER = Pattern.compile("([+-]?)(?:0x([0-9a-fA-F]+)|(\\d+))");

    private TextOperands() {}

    /** A register name: one letter, after an optional percent sign, and a number. */
    static int register(String name) {
        var digits = name.substring(name.startsWith("%") ? 2 : 1);
        var number = new BigInteger(digits);
        if (number.compareTo(BigInteger.valueOf(WireSlot.FRAME_POINTER)) > 0) {
            throw new ObjectFormatException("register `%s`, registers are r0 to r10".formatted(name));
        }
        return number.intValue();
    }

    /** A register or a 32-bit number. */
    static Operand operand(String text) {
        return text.startsWith("%") || text.startsWith("r") || text.startsWith("w")
                ? new Instruction.Register(register(text))
                : new Instruction.Immediate(immediate(text));
    }

    /** A signed 32-bit number; in hexadecimal also an unsigned one. */
    static int immediate(String text) {
        return (int) inRange(text, WORD_SIZE, text.contains("x"));
    }

    /** A 64-bit number, signed or unsigned. */
    static long wide(String text) {
        return inRange(text, DOUBLE_SIZE, true);
    }

    /** The offset of a memory access. */
    static int offset(String text) {
        int offset = immediate(text);
        if (offset != (short) offset) {
            throw new ObjectFormatException(
                    "offset %s, allowed are %d to %d".formatted(text, Short.MIN_VALUE, Short.MAX_VALUE));
        }
        return offset;
    }

    static AccessSize size(String bits) {
        return switch (bits) {
            case "8" -> AccessSize.BYTE;
            case "16" -> AccessSize.HALF;
            case "32" -> AccessSize.WORD;
            case "64" -> AccessSize.DOUBLE;
            default -> throw new ObjectFormatException("access of %s bits, allowed are 8, 16, 32, 64".formatted(bits));
        };
    }

    private static long inRange(String text, BigInteger size, boolean unsigned) {
        var number = number(text);
        var half = size.shiftRight(1);
        if (number.compareTo(half.negate()) < 0 || number.compareTo(unsigned ? size : half) >= 0) {
            throw new ObjectFormatException("number %s, allowed are %s to %s"
                    .formatted(text, half.negate(), (unsigned ? size : half).subtract(BigInteger.ONE)));
        }
        return number.longValue();
    }

    private static BigInteger number(String text) {
        var parts = NUMBER.matcher(text);
        if (!parts.matches()) {
            throw new ObjectFormatException("`%s` is not a number".formatted(text));
        }
        var number = parts.group(2) == null ? new BigInteger(parts.group(3)) : new BigInteger(parts.group(2), 16);
        return parts.group(1).equals("-") ? number.negate() : number;
    }
}

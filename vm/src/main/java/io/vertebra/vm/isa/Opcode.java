package io.vertebra.vm.isa;

import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;

/**
 * The numbers of the wire form (RFC 9669 section 3).
 *
 * <pre>
 *  byte     0         1            2..3        4..7
 *       +--------+-----+-----+-------------+-------------+
 *       | opcode | src | dst | offset s16  | immediate   |   little endian; dst is the low nibble
 *       +--------+-----+-----+-------------+-------------+
 *
 *  opcode of ALU, ALU64, JMP, JMP32          opcode of LD, LDX, ST, STX
 *       7  6  5  4    3     2  1  0               7  6  5    4  3    2  1  0
 *      +------------+-----+---------+            +---------+-------+---------+
 *      | operation  |  K  |  class  |            |  mode   | size  |  class  |
 *      +------------+-----+---------+            +---------+-------+---------+
 *      K: 0 = immediate, 1 = register            size: 0 = 4 bytes, 1 = 2, 2 = 1, 3 = 8
 *
 *  wide instruction (opcode 0x18): a second slot whose opcode, registers and offset are 0
 *       and whose immediate is the upper half
 * </pre>
 */
final class Opcode {

    private Opcode() {}

    /** The class, bits 0 to 2, in wire order. */
    enum Kind {
        LD,
        LDX,
        ST,
        STX,
        ALU,
        JMP,
        JMP32,
        ALU64;

        static Kind of(int opcode) {
            return values()[opcode & 0x07];
        }
    }

    /** Bit 3 of arithmetic and jumps: the source is a register. */
    static final int REGISTER_SOURCE = 0x08;

    /** Bits 4 to 7 of arithmetic and jumps. */
    static final int OPERATION = 0xf0;

    /** Bits 5 to 7 of loads and stores. */
    static final int MODE = 0xe0;

    // Modes of loads and stores (RFC 9669 section 5).
    static final int MODE_IMMEDIATE = 0x00;
    static final int MODE_ABSOLUTE = 0x20;
    static final int MODE_INDIRECT = 0x40;
    static final int MODE_MEMORY = 0x60;
    static final int MODE_MEMORY_SIGNED = 0x80;
    static final int MODE_ATOMIC = 0xc0;

    // Operations of ALU and ALU64 that are not an AluOp (section 4.1, 4.2).
    static final int NEGATE = 0x80;
    static final int BYTE_SWAP = 0xd0;

    // Operations of JMP and JMP32 that are not a condition (section 4.3).
    static final int JUMP = 0x00;
    static final int CALL = 0x80;
    static final int EXIT = 0x90;

    /** The wide load. */
    static final int WIDE = 0x18;

    // What the source field of a wide load selects (section 5.4); the map file descriptor is read as an index.
    static final int WIDE_CONSTANT = 0;
    static final int WIDE_MAP = 1;
    static final int WIDE_MAP_VALUE = 2;
    static final int WIDE_VARIABLE = 3;
    static final int WIDE_FUNCTION = 4;
    static final int WIDE_MAP_INDEX = 5;
    static final int WIDE_MAP_INDEX_VALUE = 6;

    // What the source field of a call selects (section 4.3).
    static final int CALL_HELPER = 0;
    static final int CALL_LOCAL = 1;
    static final int CALL_KERNEL = 2;

    /** The bit of an atomic operation that asks for the old value (section 5.3). */
    static final int FETCH = 0x01;

    /** Bits 4 to 7 of the opcode. */
    static int of(AluOp op) {
        return switch (op) {
            case ADD -> 0x00;
            case SUB -> 0x10;
            case MUL -> 0x20;
            case DIV, SDIV -> 0x30;
            case OR -> 0x40;
            case AND -> 0x50;
            case LSH -> 0x60;
            case RSH -> 0x70;
            case MOD, SMOD -> 0x90;
            case XOR -> 0xa0;
            case MOV -> 0xb0;
            case ARSH -> 0xc0;
        };
    }

    /** Bits 4 to 7 of the opcode. */
    static int of(Condition condition) {
        return switch (condition) {
            case EQ -> 0x10;
            case GT -> 0x20;
            case GE -> 0x30;
            case SET -> 0x40;
            case NE -> 0x50;
            case SGT -> 0x60;
            case SGE -> 0x70;
            case LT -> 0xa0;
            case LE -> 0xb0;
            case SLT -> 0xc0;
            case SLE -> 0xd0;
        };
    }

    /** The immediate, without {@link #FETCH} where that is optional. */
    static int of(AtomicOp op) {
        return switch (op) {
            case ADD -> 0x00;
            case OR -> 0x40;
            case AND -> 0x50;
            case XOR -> 0xa0;
            case EXCHANGE -> 0xe0 | FETCH;
            case COMPARE_EXCHANGE -> 0xf0 | FETCH;
        };
    }

    /** Whether an operation is the offset 1 form of its number. */
    static boolean signed(AluOp op) {
        return op == AluOp.SDIV || op == AluOp.SMOD;
    }

    /** Whether an operation fetches always, so that the bit is part of its number. */
    static boolean alwaysFetches(AtomicOp op) {
        return op == AtomicOp.EXCHANGE || op == AtomicOp.COMPARE_EXCHANGE;
    }
}

package io.vertebra.vm.isa;

/**
 * One eBPF instruction, decoded: the whole instruction set of RFC 9669 on one page.
 *
 * <p>A program is a list of instructions indexed by <em>slot</em>, the unit that RFC 9669 section 3 calls a basic
 * instruction (8 bytes). A wide instruction (section 3.2) takes two slots; its second one holds a {@link WideTail}, so
 * slot numbers here equal those that {@code bpftool} and {@code llvm-objdump} print. Jump and call offsets are relative
 * to the next slot, as on the wire: {@code target = slot + 1 + offset}.
 *
 * <p>Registers are numbers 0 to 10; r10 is the read-only frame pointer. Records are immutable values, checked by
 * {@link InstructionCodec} and {@link AssemblyText}, which are the only places that make them from outside data.
 */
public sealed interface Instruction {

    /** {@code dst = dst op src}; for {@link AluOp#MOV} the old value of {@code dst} is not read (RFC 9669 section 4.1). */
    record Alu(Width width, AluOp op, int dst, Operand src) implements Instruction {}

    /** {@code dst = (s8|s16|s32) src}, extended to {@code width} (RFC 9669 section 4.1, MOV with offset 8, 16 or 32). */
    record MoveSignExtended(Width width, int bits, int dst, int src) implements Instruction {}

    /** {@code dst = -dst} (RFC 9669 section 4.1). */
    record Negate(Width width, int dst) implements Instruction {}

    /** Byte order conversion of the low {@code bits} (16, 32 or 64), upper bits cleared (RFC 9669 section 4.2). */
    record ByteSwap(Order order, int bits, int dst) implements Instruction {}

    /** {@code dst = value}, a 64-bit constant in two slots (RFC 9669 section 5.4). */
    record LoadImmediate(int dst, long value) implements Instruction {}

    /** {@code dst = address of the map object}; {@code map} indexes the program's maps (two slots). */
    record LoadMap(int dst, int map) implements Instruction {}

    /** {@code dst = address of byte offset in the single value of a global-data map} (two slots). */
    record LoadMapValue(int dst, int map, int offset) implements Instruction {}

    /** {@code dst = address of the subprogram at slot + 1 + offset}, for callbacks (two slots). */
    record LoadFunction(int dst, int offset) implements Instruction {}

    /** The second slot of a wide instruction: never executed, never a jump target. */
    record WideTail() implements Instruction {}

    /** {@code dst = *(size *) (base + offset)}, zero- or sign-extended to 64 bits (RFC 9669 sections 5.1 and 5.2). */
    record Load(AccessSize size, boolean signed, int dst, int base, int offset) implements Instruction {}

    /**
     * Legacy packet access (RFC 9669 section 5.5): {@code r0 = ntoh(*(size *) (packet + index + offset))}; {@code index}
     * is a register for IND and -1 for ABS. A run whose packet is too short ends with r0 = 0.
     */
    record LoadPacket(AccessSize size, int index, int offset) implements Instruction {}

    /** {@code *(size *) (base + offset) = src}; an immediate is sign-extended to the size (RFC 9669 section 5.1). */
    record Store(AccessSize size, int base, int offset, Operand src) implements Instruction {}

    /**
     * Atomic read-modify-write of a {@code WORD} or {@code DOUBLE} (RFC 9669 section 5.3). With {@code fetch} the old
     * value goes to {@code src}; {@link AtomicOp#EXCHANGE} always fetches; {@link AtomicOp#COMPARE_EXCHANGE} compares
     * with r0 and puts the old value into r0.
     */
    record Atomic(AccessSize size, AtomicOp op, boolean fetch, int base, int offset, int src) implements Instruction {}

    /** Unconditional jump (RFC 9669 section 4.3; the 32-bit offset form is the same record). */
    record Jump(int offset) implements Instruction {}

    /** Jump when {@code left condition right} holds in {@code width} bits (RFC 9669 section 4.3). */
    record JumpIf(Width width, Condition condition, int left, Operand right, int offset) implements Instruction {}

    /** Call of a helper function by id: arguments r1-r5, result r0, r1-r5 clobbered (RFC 9669 section 4.3.1). */
    record Call(int helper) implements Instruction {}

    /** Call of the subprogram at slot + 1 + offset, with a stack frame of its own (RFC 9669 section 4.3.2). */
    record CallLocal(int offset) implements Instruction {}

    /** Call of the helper whose id is in a register: the {@code callx} form of the conformance suite (opcode 0x8d). */
    record CallRegister(int register) implements Instruction {}

    /** Return r0 to the caller (RFC 9669 section 4.3). */
    record Exit() implements Instruction {}

    /** Slots that an instruction takes: 2 for a wide one, else 1. */
    static int size(Instruction instruction) {
        return switch (instruction) {
            case LoadImmediate _, LoadMap _, LoadMapValue _, LoadFunction _ -> 2;
            default -> 1;
        };
    }

    /** Operand width of arithmetic and jumps; a 32-bit result clears the upper half of its register. */
    enum Width {
        W32,
        W64
    }

    /** Binary arithmetic of RFC 9669 section 4.1; SDIV and SMOD are the offset 1 forms of DIV and MOD. */
    enum AluOp {
        ADD,
        SUB,
        MUL,
        DIV,
        SDIV,
        MOD,
        SMOD,
        OR,
        AND,
        XOR,
        LSH,
        RSH,
        ARSH,
        MOV
    }

    /** Jump conditions of RFC 9669 section 4.3; the S forms are signed, SET is {@code left & right != 0}. */
    enum Condition {
        EQ,
        NE,
        GT,
        GE,
        LT,
        LE,
        SGT,
        SGE,
        SLT,
        SLE,
        SET;

        /** The condition that holds exactly when this one does not, or null for SET, which has none. */
        public Condition negated() {
            return switch (this) {
                case EQ -> NE;
                case NE -> EQ;
                case GT -> LE;
                case GE -> LT;
                case LT -> GE;
                case LE -> GT;
                case SGT -> SLE;
                case SGE -> SLT;
                case SLT -> SGE;
                case SLE -> SGT;
                case SET -> null;
            };
        }

        /** The condition that holds with the sides exchanged exactly when this one does. */
        public Condition mirrored() {
            return switch (this) {
                case GT -> LT;
                case GE -> LE;
                case LT -> GT;
                case LE -> GE;
                case SGT -> SLT;
                case SGE -> SLE;
                case SLT -> SGT;
                case SLE -> SGE;
                case EQ, NE, SET -> this;
            };
        }
    }

    /** Atomic operations of RFC 9669 section 5.3. */
    enum AtomicOp {
        ADD,
        OR,
        AND,
        XOR,
        EXCHANGE,
        COMPARE_EXCHANGE
    }

    /** Byte order of {@link ByteSwap}: convert to little, to big, or swap unconditionally (cpu v4). */
    enum Order {
        LITTLE,
        BIG,
        SWAP
    }

    /** Size of a memory access in bytes: 1, 2, 4 or 8. */
    enum AccessSize {
        BYTE(1),
        HALF(2),
        WORD(4),
        DOUBLE(8);

        private final int bytes;

        AccessSize(int bytes) {
            this.bytes = bytes;
        }

        /** The size in bytes. */
        public int bytes() {
            return bytes;
        }
    }

    /** The source of an arithmetic instruction, a conditional jump or a store. */
    sealed interface Operand {}

    /** A register, 0 to 10. */
    record Register(int number) implements Operand {}

    /** A 32-bit constant, sign-extended where the operation is 64 bits wide. */
    record Immediate(int value) implements Operand {}
}

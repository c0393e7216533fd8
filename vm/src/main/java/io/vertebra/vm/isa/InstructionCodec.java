package io.vertebra.vm.isa;

import io.vertebra.vm.format.ByteView;
import io.vertebra.vm.format.ObjectFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Translates between the wire form of RFC 9669 (little endian, see {@code Opcode} for the picture) and records.
 *
 * <p>Decoding is strict: unused fields must be zero, reserved opcodes and registers above r10 are errors that name the
 * slot, what was found and what is allowed. It normalises what has two spellings: a map file descriptor and a map index
 * are both an index, the two jump forms are one record, and {@code callx} has its register in {@code dst}; encoding
 * writes the index form, the short jump where the offset fits, and {@code dst}. Everything else comes back bit for bit.
 * Stateless and thread-safe.
 */
public final class InstructionCodec {

    /** Bytes of one slot. */
    public static final int SLOT_BYTES = 8;

    private InstructionCodec() {}

    /**
     * Decodes a program.
     *
     * @param code a multiple of 8 bytes
     * @return one element per slot; a wide instruction is followed by an {@link Instruction.WideTail}
     * @throws ObjectFormatException at the first slot that is not an instruction
     */
    public static List<Instruction> decode(byte[] code) {
        return decode(ByteView.of("code", code));
    }

    /** Decodes a program in memory, see {@link #decode(byte[])}. */
    public static List<Instruction> decode(MemorySegment code) {
        return decode(code.toArray(ValueLayout.JAVA_BYTE));
    }

    /** Decodes a program that is part of a file, see {@link #decode(byte[])}. */
    public static List<Instruction> decode(ByteView code) {
        return new InstructionDecoder(code).decode();
    }

    /**
     * Encodes a program.
     *
     * @param instructions by slot, with a {@link Instruction.WideTail} after each wide instruction
     * @return 8 bytes per element
     * @throws ObjectFormatException when a field does not fit into the wire form, or a tail is missing or misplaced
     */
    public static byte[] encode(List<Instruction> instructions) {
        return new InstructionEncoder(instructions).encode();
    }
}

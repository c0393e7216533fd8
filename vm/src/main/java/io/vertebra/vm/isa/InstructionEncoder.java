package io.vertebra.vm.isa;

import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Width;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Records to wire form: the reverse of {@link InstructionDecoder}, with the cases in the same order. */
final class InstructionEncoder {

    private final List<Instruction> instructions;
    private final ByteBuffer out;
    private int slot;

    InstructionEncoder(List<Instruction> instructions) {
        this.instructions = instructions;
        this.out = ByteBuffer.allocate(Math.multiplyExact(instructions.size(), InstructionCodec.SLOT_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    byte[] encode() {
        while (slot < instructions.size()) {
            encode(instructions.get(slot));
            slot++;
        }
        return out.array();
    }

    private void encode(Instruction instruction) {
        switch (instruction) {
            case Instruction.LoadImmediate i -> wide(i.dst(), Opcode.WIDE_CONSTANT, (int) i.value(), upper(i.value()));
            case Instruction.LoadMap i -> wide(i.dst(), Opcode.WIDE_MAP_INDEX, i.map(), 0);
            case Instruction.LoadMapValue i -> wide(i.dst(), Opcode.WIDE_MAP_INDEX_VALUE, i.map(), i.offset());
            case Instruction.LoadFunction i -> wide(i.dst(), Opcode.WIDE_FUNCTION, i.offset(), 0);
            case Instruction.WideTail _ -> throw error("a second slot without a wide instruction before it");
            case Instruction.LoadPacket i -> packet(i);
            case Instruction.Load i -> {
                int mode = i.signed() ? Opcode.MODE_MEMORY_SIGNED : Opcode.MODE_MEMORY;
                if (i.signed() && i.size() == AccessSize.DOUBLE) {
                    throw error("a sign-extending load of 8 bytes, allowed are 1, 2 and 4");
                }
                emit(memory(Opcode.Kind.LDX, mode, i.size()), i.dst(), i.base(), i.offset(), 0);
            }
            case Instruction.Store i -> store(i);
            case Instruction.Atomic i -> atomic(i);
            case Instruction.Negate i -> emit(operation(alu(i.width()), Opcode.NEGATE), i.dst(), 0, 0, 0);
            case Instruction.ByteSwap i -> byteSwap(i);
            case Instruction.MoveSignExtended i -> moveSignExtended(i);
            case Instruction.Alu i ->
                operand(alu(i.width()), Opcode.of(i.op()), i.dst(), i.src(), Opcode.signed(i.op()) ? 1 : 0);
            case Instruction.Jump i -> jump(i);
            case Instruction.JumpIf i ->
                operand(jump(i.width()), Opcode.of(i.condition()), i.left(), i.right(), i.offset());
            case Instruction.Call i ->
                emit(operation(Opcode.Kind.JMP, Opcode.CALL), 0, Opcode.CALL_HELPER, 0, i.helper());
            case Instruction.CallLocal i ->
                emit(operation(Opcode.Kind.JMP, Opcode.CALL), 0, Opcode.CALL_LOCAL, 0, i.offset());
            case Instruction.CallRegister i ->
                emit(operation(Opcode.Kind.JMP, Opcode.CALL) | Opcode.REGISTER_SOURCE, i.register(), 0, 0, 0);
            case Instruction.Exit _ -> emit(operation(Opcode.Kind.JMP, Opcode.EXIT), 0, 0, 0, 0);
        }
    }

    private void wide(int dst, int source, int lower, int upper) {
        if (source >= Opcode.WIDE_MAP_INDEX && lower < 0) {
            throw error("map index %d is negative".formatted(lower));
        }
        if (slot + 1 == instructions.size() || !(instructions.get(slot + 1) instanceof Instruction.WideTail)) {
            throw error("a wide instruction must be followed by its second slot");
        }
        emit(Opcode.WIDE, dst, source, 0, lower);
        slot++;
        emit(0, 0, 0, 0, upper);
    }

    private void packet(Instruction.LoadPacket i) {
        if (i.size() == AccessSize.DOUBLE) {
            throw error("a packet load of 8 bytes, allowed are 1, 2 and 4");
        }
        boolean absolute = i.index() == -1;
        int mode = absolute ? Opcode.MODE_ABSOLUTE : Opcode.MODE_INDIRECT;
        emit(memory(Opcode.Kind.LD, mode, i.size()), 0, absolute ? 0 : i.index(), 0, i.offset());
    }

    private void store(Instruction.Store i) {
        switch (i.src()) {
            case Instruction.Immediate v ->
                emit(memory(Opcode.Kind.ST, Opcode.MODE_MEMORY, i.size()), i.base(), 0, i.offset(), v.value());
            case Instruction.Register r ->
                emit(memory(Opcode.Kind.STX, Opcode.MODE_MEMORY, i.size()), i.base(), r.number(), i.offset(), 0);
        }
    }

    private void atomic(Instruction.Atomic i) {
        if (i.size() == AccessSize.BYTE || i.size() == AccessSize.HALF) {
            throw error("atomic access of %d bytes, allowed are 4 and 8"
                    .formatted(i.size().bytes()));
        }
        if (!i.fetch() && Opcode.alwaysFetches(i.op())) {
            throw error("%s always fetches".formatted(i.op()));
        }
        emit(
                memory(Opcode.Kind.STX, Opcode.MODE_ATOMIC, i.size()),
                i.base(),
                i.src(),
                i.offset(),
                Opcode.of(i.op()) | (i.fetch() ? Opcode.FETCH : 0));
    }

    private void byteSwap(Instruction.ByteSwap i) {
        if (i.bits() != 16 && i.bits() != 32 && i.bits() != 64) {
            throw error("byte swap of %d bits, allowed are 16, 32 and 64".formatted(i.bits()));
        }
        int opcode = switch (i.order()) {
            case LITTLE -> operation(Opcode.Kind.ALU, Opcode.BYTE_SWAP);
            case BIG -> operation(Opcode.Kind.ALU, Opcode.BYTE_SWAP) | Opcode.REGISTER_SOURCE;
            case SWAP -> operation(Opcode.Kind.ALU64, Opcode.BYTE_SWAP);
        };
        emit(opcode, i.dst(), 0, 0, i.bits());
    }

    private void moveSignExtended(Instruction.MoveSignExtended i) {
        if (i.bits() != 8 && i.bits() != 16 && (i.bits() != 32 || i.width() == Width.W32)) {
            throw error("sign extension from %d bits, allowed are 8, 16 and (64-bit only) 32".formatted(i.bits()));
        }
        int opcode = operation(alu(i.width()), Opcode.of(Instruction.AluOp.MOV)) | Opcode.REGISTER_SOURCE;
        emit(opcode, i.dst(), i.src(), i.bits(), 0);
    }

    private void jump(Instruction.Jump i) {
        if (i.offset() == (short) i.offset()) {
            emit(operation(Opcode.Kind.JMP, Opcode.JUMP), 0, 0, i.offset(), 0);
        } else {
            emit(operation(Opcode.Kind.JMP32, Opcode.JUMP), 0, 0, 0, i.offset());
        }
    }

    private void operand(Opcode.Kind kind, int operation, int dst, Operand src, int offset) {
        switch (src) {
            case Instruction.Register r ->
                emit(operation(kind, operation) | Opcode.REGISTER_SOURCE, dst, r.number(), offset, 0);
            case Instruction.Immediate v -> emit(operation(kind, operation), dst, 0, offset, v.value());
        }
    }

    private void emit(int opcode, int dst, int src, int offset, int immediate) {
        if (offset != (short) offset) {
            throw error("offset=%d, allowed are %d to %d".formatted(offset, Short.MIN_VALUE, Short.MAX_VALUE));
        }
        if (Math.max(dst, src) > WireSlot.FRAME_POINTER || Math.min(dst, src) < 0) {
            throw error("dst=%d, src=%d, registers are 0 to 10".formatted(dst, src));
        }
        new WireSlot(slot, opcode, dst, src, offset, immediate).write(out);
    }

    private static int operation(Opcode.Kind kind, int operation) {
        return operation | kind.ordinal();
    }

    private static int memory(Opcode.Kind kind, int mode, AccessSize size) {
        int bits = switch (size) {
            case WORD -> 0;
            case HALF -> 1;
            case BYTE -> 2;
            case DOUBLE -> 3;
        };
        return mode | (bits << 3) | kind.ordinal();
    }

    private static Opcode.Kind alu(Width width) {
        return width == Width.W64 ? Opcode.Kind.ALU64 : Opcode.Kind.ALU;
    }

    private static Opcode.Kind jump(Width width) {
        return width == Width.W64 ? Opcode.Kind.JMP : Opcode.Kind.JMP32;
    }

    private static int upper(long value) {
        return (int) (value >>> Integer.SIZE);
    }

    private ObjectFormatException error(String reason) {
        return new ObjectFormatException("insn %d (%s): %s"
                .formatted(slot, instructions.get(slot).getClass().getSimpleName(), reason));
    }
}

package io.vertebra.vm.isa;

import io.vertebra.vm.format.ByteView;
import io.vertebra.vm.format.ObjectFormatException;
import java.nio.ByteBuffer;

/** One slot as it lies on the wire, split into the fields that {@link Opcode} draws. */
record WireSlot(int slot, int opcode, int dst, int src, int offset, int immediate) {

    /** Highest register number, the frame pointer. */
    static final int FRAME_POINTER = 10;

    static WireSlot read(ByteView code, int slot) {
        long at = (long) slot * InstructionCodec.SLOT_BYTES;
        int registers = code.u8(at + 1);
        return new WireSlot(slot, code.u8(at), registers & 0x0f, registers >> 4, code.s16(at + 2), code.s32(at + 4));
    }

    void write(ByteBuffer to) {
        to.put((byte) opcode)
                .put((byte) ((src << 4) | dst))
                .putShort((short) offset)
                .putInt(immediate);
    }

    int operation() {
        return opcode & Opcode.OPERATION;
    }

    boolean registerSource() {
        return (opcode & Opcode.REGISTER_SOURCE) != 0;
    }

    int checkedDst() {
        return checked("dst", dst);
    }

    int checkedSrc() {
        return checked("src", src);
    }

    private int checked(String field, int register) {
        if (register > FRAME_POINTER) {
            throw error("%s=r%d, registers are r0 to r10".formatted(field, register));
        }
        return register;
    }

    /** Requires fields that this instruction does not use to be zero. */
    WireSlot unused(Field... fields) {
        for (var field : fields) {
            int value = switch (field) {
                case DST -> dst;
                case SRC -> src;
                case OFFSET -> offset;
                case IMMEDIATE -> immediate;
            };
            if (value != 0) {
                throw error("unused field %s=%d, must be 0".formatted(field.text, value));
            }
        }
        return this;
    }

    ObjectFormatException error(String reason) {
        return new ObjectFormatException("insn %d (opcode 0x%02x): %s".formatted(slot, opcode, reason));
    }

    /** The fields that an instruction may leave unused. */
    enum Field {
        DST("dst"),
        SRC("src"),
        OFFSET("offset"),
        IMMEDIATE("immediate");

        private final String text;

        Field(String text) {
            this.text = text;
        }
    }
}

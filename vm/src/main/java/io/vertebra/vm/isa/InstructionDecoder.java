package io.vertebra.vm.isa;

import static io.vertebra.vm.isa.WireSlot.Field.DST;
import static io.vertebra.vm.isa.WireSlot.Field.IMMEDIATE;
import static io.vertebra.vm.isa.WireSlot.Field.OFFSET;
import static io.vertebra.vm.isa.WireSlot.Field.SRC;

import io.vertebra.vm.format.ByteView;
import io.vertebra.vm.format.ObjectFormatException;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Condition;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Width;
import java.util.ArrayList;
import java.util.List;

/** Wire form to records, strictly: what RFC 9669 reserves or leaves unused is rejected. */
final class InstructionDecoder {

    private final ByteView code;
    private final int slots;

    InstructionDecoder(ByteView code) {
        if (code.size() % InstructionCodec.SLOT_BYTES != 0) {
            throw new ObjectFormatException("%s: %d bytes of code, must be a multiple of %d"
                    .formatted(code.name(), code.size(), InstructionCodec.SLOT_BYTES));
        }
        this.code = code;
        this.slots = code.size() / InstructionCodec.SLOT_BYTES;
    }

    List<Instruction> decode() {
        var instructions = new ArrayList<Instruction>(slots);
        for (int slot = 0; slot < slots; slot++) {
            var wire = WireSlot.read(code, slot);
            if (wire.opcode() == Opcode.WIDE) {
                instructions.add(wide(wire, tail(wire)));
                instructions.add(new Instruction.WideTail());
                slot++;
            } else {
                instructions.add(basic(wire));
            }
        }
        return List.copyOf(instructions);
    }

    private static Instruction basic(WireSlot s) {
        return switch (Opcode.Kind.of(s.opcode())) {
            case LD -> packet(s);
            case LDX -> load(s);
            case ST -> storeImmediate(s);
            case STX -> storeRegister(s);
            case ALU -> arithmetic(s, Width.W32);
            case ALU64 -> arithmetic(s, Width.W64);
            case JMP -> jump(s, Width.W64);
            case JMP32 -> jump(s, Width.W32);
        };
    }

    private WireSlot tail(WireSlot head) {
        if (head.slot() + 1 == slots) {
            throw head.error("a wide instruction needs a second slot, and the code ends");
        }
        var tail = WireSlot.read(code, head.slot() + 1);
        if (tail.opcode() != 0) {
            throw tail.error("second slot of a wide instruction, its opcode must be 0");
        }
        return tail.unused(DST, SRC, OFFSET);
    }

    private static Instruction wide(WireSlot s, WireSlot tail) {
        int dst = s.unused(OFFSET).checkedDst();
        return switch (s.src()) {
            case Opcode.WIDE_CONSTANT ->
                new Instruction.LoadImmediate(
                        dst, ((long) tail.immediate() << Integer.SIZE) | Integer.toUnsignedLong(s.immediate()));
            case Opcode.WIDE_MAP, Opcode.WIDE_MAP_INDEX -> {
                tail.unused(IMMEDIATE);
                yield new Instruction.LoadMap(dst, mapIndex(s));
            }
            case Opcode.WIDE_MAP_VALUE, Opcode.WIDE_MAP_INDEX_VALUE ->
                new Instruction.LoadMapValue(dst, mapIndex(s), tail.immediate());
            case Opcode.WIDE_FUNCTION -> {
                tail.unused(IMMEDIATE);
                yield new Instruction.LoadFunction(dst, s.immediate());
            }
            case Opcode.WIDE_VARIABLE ->
                throw s.error("src=3 loads the address of a kernel variable, which does not exist here");
            default -> throw s.error("src=%d of a wide load, allowed are 0 to 6 except 3".formatted(s.src()));
        };
    }

    private static int mapIndex(WireSlot s) {
        if (s.immediate() < 0) {
            throw s.error("map index %d is negative".formatted(s.immediate()));
        }
        return s.immediate();
    }

    private static Instruction packet(WireSlot s) {
        var size = size(s);
        if (size == AccessSize.DOUBLE) {
            throw unknown(s);
        }
        return switch (s.opcode() & Opcode.MODE) {
            case Opcode.MODE_ABSOLUTE -> {
                s.unused(DST, SRC, OFFSET);
                yield new Instruction.LoadPacket(size, -1, s.immediate());
            }
            case Opcode.MODE_INDIRECT -> {
                s.unused(DST, OFFSET);
                yield new Instruction.LoadPacket(size, s.checkedSrc(), s.immediate());
            }
            default -> throw unknown(s);
        };
    }

    private static Instruction load(WireSlot s) {
        var size = size(s);
        int mode = s.opcode() & Opcode.MODE;
        boolean signed = mode == Opcode.MODE_MEMORY_SIGNED;
        if ((!signed && mode != Opcode.MODE_MEMORY) || (signed && size == AccessSize.DOUBLE)) {
            throw unknown(s);
        }
        s.unused(IMMEDIATE);
        return new Instruction.Load(size, signed, s.checkedDst(), s.checkedSrc(), s.offset());
    }

    private static Instruction storeImmediate(WireSlot s) {
        if ((s.opcode() & Opcode.MODE) != Opcode.MODE_MEMORY) {
            throw unknown(s);
        }
        s.unused(SRC);
        return new Instruction.Store(size(s), s.checkedDst(), s.offset(), new Instruction.Immediate(s.immediate()));
    }

    private static Instruction storeRegister(WireSlot s) {
        return switch (s.opcode() & Opcode.MODE) {
            case Opcode.MODE_MEMORY -> {
                s.unused(IMMEDIATE);
                yield new Instruction.Store(
                        size(s), s.checkedDst(), s.offset(), new Instruction.Register(s.checkedSrc()));
            }
            case Opcode.MODE_ATOMIC -> atomic(s);
            default -> throw unknown(s);
        };
    }

    private static Instruction atomic(WireSlot s) {
        var size = size(s);
        if (size == AccessSize.BYTE || size == AccessSize.HALF) {
            throw s.error("atomic access of %d bytes, allowed are 4 and 8".formatted(size.bytes()));
        }
        for (var op : AtomicOp.values()) {
            int optional = Opcode.alwaysFetches(op) ? 0 : Opcode.FETCH;
            if ((s.immediate() & ~optional) == Opcode.of(op)) {
                boolean fetch = (s.immediate() & Opcode.FETCH) != 0;
                return new Instruction.Atomic(size, op, fetch, s.checkedDst(), s.offset(), s.checkedSrc());
            }
        }
        throw s.error("atomic operation 0x%x, allowed are add 0x0, or 0x40, and 0x50, xor 0xa0 (with 0x1 to fetch),"
                        .formatted(s.immediate())
                + " exchange 0xe1, compare and exchange 0xf1");
    }

    private static Instruction arithmetic(WireSlot s, Width width) {
        return switch (s.operation()) {
            case Opcode.NEGATE -> {
                if (s.registerSource()) {
                    throw unknown(s);
                }
                s.unused(SRC, OFFSET, IMMEDIATE);
                yield new Instruction.Negate(width, s.checkedDst());
            }
            case Opcode.BYTE_SWAP -> byteSwap(s, width);
            default -> binary(s, width);
        };
    }

    private static Instruction byteSwap(WireSlot s, Width width) {
        Order order = s.registerSource() ? Order.BIG : Order.LITTLE;
        if (width == Width.W64) {
            if (s.registerSource()) {
                throw unknown(s);
            }
            order = Order.SWAP;
        }
        int bits = s.unused(SRC, OFFSET).immediate();
        if (bits != 16 && bits != 32 && bits != 64) {
            throw s.error("byte swap of %d bits, allowed are 16, 32 and 64".formatted(bits));
        }
        return new Instruction.ByteSwap(order, bits, s.checkedDst());
    }

    private static Instruction binary(WireSlot s, Width width) {
        for (var op : AluOp.values()) {
            if (Opcode.of(op) != s.operation() || Opcode.signed(op)) {
                continue;
            }
            if (op == AluOp.MOV && s.offset() != 0) {
                return moveSignExtended(s, width);
            }
            return new Instruction.Alu(width, signedForm(s, op), s.checkedDst(), operand(s));
        }
        throw unknown(s);
    }

    /** DIV and MOD are signed when their offset is 1; all others must leave the offset 0. */
    private static AluOp signedForm(WireSlot s, AluOp op) {
        if (s.offset() == 1 && op == AluOp.DIV) {
            return AluOp.SDIV;
        }
        if (s.offset() == 1 && op == AluOp.MOD) {
            return AluOp.SMOD;
        }
        s.unused(OFFSET);
        return op;
    }

    private static Instruction moveSignExtended(WireSlot s, Width width) {
        int bits = s.offset();
        boolean allowed = bits == 8 || bits == 16 || (bits == 32 && width == Width.W64);
        if (!s.registerSource() || !allowed) {
            throw s.error("offset=%d of a move, allowed are 0, and for a register 8, 16 and (64-bit only) 32"
                    .formatted(bits));
        }
        s.unused(IMMEDIATE);
        return new Instruction.MoveSignExtended(width, bits, s.checkedDst(), s.checkedSrc());
    }

    private static Instruction jump(WireSlot s, Width width) {
        return switch (s.operation()) {
            case Opcode.JUMP -> {
                if (s.registerSource()) {
                    throw unknown(s);
                }
                s.unused(DST, SRC, width == Width.W64 ? IMMEDIATE : OFFSET);
                yield new Instruction.Jump(width == Width.W64 ? s.offset() : s.immediate());
            }
            case Opcode.CALL -> call(s, width);
            case Opcode.EXIT -> {
                if (s.registerSource() || width == Width.W32) {
                    throw unknown(s);
                }
                s.unused(DST, SRC, OFFSET, IMMEDIATE);
                yield new Instruction.Exit();
            }
            default -> conditional(s, width);
        };
    }

    private static Instruction call(WireSlot s, Width width) {
        if (width == Width.W32) {
            throw unknown(s);
        }
        s.unused(OFFSET);
        if (s.registerSource()) {
            return callRegister(s);
        }
        s.unused(DST);
        return switch (s.src()) {
            case Opcode.CALL_HELPER -> new Instruction.Call(s.immediate());
            case Opcode.CALL_LOCAL -> new Instruction.CallLocal(s.immediate());
            case Opcode.CALL_KERNEL ->
                throw s.error("src=2 calls a kernel function by BTF id, which does not exist here");
            default -> throw s.error("src=%d of a call, allowed are 0 (helper) and 1 (local)".formatted(s.src()));
        };
    }

    /** The register is in dst; compilers before LLVM 19 write it into the immediate and leave dst 0. */
    private static Instruction callRegister(WireSlot s) {
        s.unused(SRC);
        if (s.immediate() == 0) {
            return new Instruction.CallRegister(s.checkedDst());
        }
        s.unused(DST);
        if (s.immediate() < 0 || s.immediate() > WireSlot.FRAME_POINTER) {
            throw s.error("immediate=%d names the called register, allowed are 0 to 10".formatted(s.immediate()));
        }
        return new Instruction.CallRegister(s.immediate());
    }

    private static Instruction conditional(WireSlot s, Width width) {
        for (var condition : Condition.values()) {
            if (Opcode.of(condition) == s.operation()) {
                return new Instruction.JumpIf(width, condition, s.checkedDst(), operand(s), s.offset());
            }
        }
        throw unknown(s);
    }

    private static Operand operand(WireSlot s) {
        if (s.registerSource()) {
            s.unused(IMMEDIATE);
            return new Instruction.Register(s.checkedSrc());
        }
        s.unused(SRC);
        return new Instruction.Immediate(s.immediate());
    }

    private static AccessSize size(WireSlot s) {
        return switch ((s.opcode() >> 3) & 0x03) {
            case 0 -> AccessSize.WORD;
            case 1 -> AccessSize.HALF;
            case 2 -> AccessSize.BYTE;
            default -> AccessSize.DOUBLE;
        };
    }

    private static ObjectFormatException unknown(WireSlot s) {
        return s.error("not an instruction of RFC 9669 (class %s)".formatted(Opcode.Kind.of(s.opcode())));
    }
}

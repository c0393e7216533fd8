package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.jit.StackSlots.Part;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Writes what calls need of the stack: parts that are locals as memory, and bytes of it as numbers or places. */
final class StackEmitter {

    private static final ClassDesc SEGMENT = Descriptors.of(MemorySegment.class);
    private static final int FRAME_POINTER = 10;

    private final CompiledFunction function;
    private final Locals locals;
    private final MemoryEmitter memory;
    private final CodeBuilder code;

    StackEmitter(CompiledFunction function, Locals locals, MemoryEmitter memory, CodeBuilder code) {
        this.function = function;
        this.locals = locals;
        this.memory = memory;
        this.code = code;
    }

    /** Makes memory hold what locals hold. */
    void flush(List<Part> parts) {
        for (var part : parts) {
            memory.stack();
            var size = size(part);
            memory.layout(size);
            memory.index(FRAME_POINTER, part.offset() - Addresses.STACK);
            code.lload(locals.part(part));
            memory.narrow(size);
            code.invokeinterface(
                    SEGMENT,
                    "set",
                    MethodTypeDesc.of(CD_void, MemoryEmitter.layoutType(size), CD_long, MemoryEmitter.type(size)));
        }
    }

    /** Makes locals hold what memory holds. */
    void reload(List<Part> parts) {
        for (var part : parts) {
            memory.stack();
            memory.layout(size(part));
            memory.index(FRAME_POINTER, part.offset() - Addresses.STACK);
            memory.get(size(part), false);
            code.lstore(locals.part(part));
        }
    }

    private static AccessSize size(Part part) {
        return switch (part.bytes()) {
            case 1 -> AccessSize.BYTE;
            case 2 -> AccessSize.HALF;
            case 4 -> AccessSize.WORD;
            default -> AccessSize.DOUBLE;
        };
    }

    /** Pushes the four bytes at {@code r10 + offset} as an int. */
    void stackInt(long offset) {
        var part = function.stackSlots().at(offset).filter(p -> p.bytes() == Integer.BYTES);
        if (part.isPresent()) {
            code.lload(locals.part(part.get())).l2i();
        } else {
            memory.stack();
            memory.layout(AccessSize.WORD);
            memory.index(FRAME_POINTER, offset - Addresses.STACK);
            code.invokeinterface(
                    SEGMENT, "get", MethodTypeDesc.of(CD_int, MemoryEmitter.layoutType(AccessSize.WORD), CD_long));
        }
    }

    /** Pushes up to eight bytes at {@code r10 + offset} as a number whose upper bytes are 0. */
    void stackWord(long offset, int bytes) {
        int done = 0;
        while (done < bytes) {
            int rest = bytes - done;
            var part = function.stackSlots().at(offset + done).filter(p -> p.bytes() <= rest);
            int taken = part.map(Part::bytes).orElse(Integer.highestOneBit(rest));
            if (part.isPresent()) {
                code.lload(locals.part(part.get()));
            } else {
                flush(function.stackSlots().overlapping(offset + done, offset + done + taken));
                var size = size(new Part(0, taken));
                memory.stack();
                memory.layout(size);
                memory.index(FRAME_POINTER, offset + done - Addresses.STACK);
                memory.get(size, false);
            }
            if (done > 0) {
                code.loadConstant(done * Byte.SIZE).lshl().lor();
            }
            done += taken;
        }
    }

    /** Pushes the stack's segment, and where in it {@code r10 + offset} lies. */
    void stackPlace(long offset) {
        memory.stack();
        memory.index(FRAME_POINTER, offset - Addresses.STACK);
    }
}

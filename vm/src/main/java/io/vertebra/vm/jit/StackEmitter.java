package io.vertebra.vm.jit;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.jit.StackSlots.Part;
import java.lang.classfile.CodeBuilder;
import java.util.List;

/** Writes what calls need of the stack: parts that are locals as memory, and bytes of it as numbers or places. */
final class StackEmitter {

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
            var size = WordCode.size(part.bytes());
            WordCode.layout(code, size);
            memory.index(FRAME_POINTER, part.offset() - Addresses.STACK);
            code.lload(locals.part(part));
            WordCode.set(code, size);
        }
    }

    /** Makes locals hold what memory holds. */
    void reload(List<Part> parts) {
        for (var part : parts) {
            memory.stack();
            var size = WordCode.size(part.bytes());
            WordCode.layout(code, size);
            memory.index(FRAME_POINTER, part.offset() - Addresses.STACK);
            WordCode.get(code, size, false);
            code.lstore(locals.part(part));
        }
    }

    /** Pushes the four bytes at {@code r10 + offset} as an int. */
    void stackInt(long offset) {
        var part = function.stackSlots().at(offset).filter(p -> p.bytes() == Integer.BYTES);
        if (part.isPresent()) {
            code.lload(locals.part(part.get())).l2i();
        } else {
            memory.stack();
            WordCode.layout(code, AccessSize.WORD);
            memory.index(FRAME_POINTER, offset - Addresses.STACK);
            WordCode.get(code, AccessSize.WORD);
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
                var size = WordCode.size(taken);
                memory.stack();
                WordCode.layout(code, size);
                memory.index(FRAME_POINTER, offset + done - Addresses.STACK);
                WordCode.get(code, size, false);
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

package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.vm.isa.Instruction.AccessSize;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes how words of each size are read from a segment, written to it, and made to registers. */
final class WordCode {

    private static final ClassDesc SEGMENT = Descriptors.of(MemorySegment.class);
    private static final long LOW = 0xffff_ffffL;

    private WordCode() {}

    /** The smallest size that has some bytes. */
    static AccessSize size(int bytes) {
        return switch (bytes) {
            case 1 -> AccessSize.BYTE;
            case 2 -> AccessSize.HALF;
            case 4 -> AccessSize.WORD;
            default -> AccessSize.DOUBLE;
        };
    }

    /** Pushes the layout of a size, which has to follow a segment. */
    static void layout(CodeBuilder code, AccessSize size) {
        code.getstatic(Constants.SUPPORT, name(size), layoutType(size));
    }

    /** How constants of a size are called. */
    static String name(AccessSize size) {
        return switch (size) {
            case BYTE -> "BYTE";
            case HALF -> "SHORT";
            case WORD -> "INT";
            case DOUBLE -> "LONG";
        };
    }

    /** From segment, layout and index to a register's value. */
    static void get(CodeBuilder code, AccessSize size, boolean signed) {
        get(code, size);
        widen(code, size, signed);
    }

    /** From segment, layout and index to what is read. */
    static void get(CodeBuilder code, AccessSize size) {
        code.invokeinterface(SEGMENT, "get", MethodTypeDesc.of(type(size), layoutType(size), CD_long));
    }

    /** Makes a register's value of what was read. */
    static void widen(CodeBuilder code, AccessSize size, boolean signed) {
        switch (size) {
            case BYTE -> {
                if (!signed) {
                    code.loadConstant(0xff).iand();
                }
                code.i2l();
            }
            case HALF -> {
                if (!signed) {
                    code.loadConstant(0xffff).iand();
                }
                code.i2l();
            }
            case WORD -> {
                code.i2l();
                if (!signed) {
                    code.loadConstant(LOW).land();
                }
            }
            case DOUBLE -> {}
        }
    }

    /** Writes the low bytes of a register's value; below it are segment, layout and index. */
    static void set(CodeBuilder code, AccessSize size) {
        switch (size) {
            case BYTE -> code.l2i().i2b();
            case HALF -> code.l2i().i2s();
            case WORD -> code.l2i();
            case DOUBLE -> {}
        }
        code.invokeinterface(SEGMENT, "set", MethodTypeDesc.of(CD_void, layoutType(size), CD_long, type(size)));
    }

    /** Makes the low bytes of a value a signed number. */
    static void extend(CodeBuilder code, AccessSize size) {
        switch (size) {
            case BYTE -> code.l2i().i2b().i2l();
            case HALF -> code.l2i().i2s().i2l();
            case WORD -> code.l2i().i2l();
            case DOUBLE -> {}
        }
    }

    /** Keeps the low bytes of a value. */
    static void truncate(CodeBuilder code, AccessSize size) {
        if (size != AccessSize.DOUBLE) {
            code.loadConstant(-1L >>> (Long.SIZE - size.bytes() * Byte.SIZE)).land();
        }
    }

    private static ClassDesc layoutType(AccessSize size) {
        return Descriptors.of(
                switch (size) {
                    case BYTE -> ValueLayout.OfByte.class;
                    case HALF -> ValueLayout.OfShort.class;
                    case WORD -> ValueLayout.OfInt.class;
                    case DOUBLE -> ValueLayout.OfLong.class;
                });
    }

    /** What is read and written. */
    static ClassDesc type(AccessSize size) {
        return switch (size) {
            case BYTE -> CD_byte;
            case HALF -> CD_short;
            case WORD -> CD_int;
            case DOUBLE -> CD_long;
        };
    }
}

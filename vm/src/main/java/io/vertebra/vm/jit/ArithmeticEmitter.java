package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.vertebra.vm.exec.AluSemantics;
import io.vertebra.vm.isa.Instruction.Alu;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.ByteSwap;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.MoveSignExtended;
import io.vertebra.vm.isa.Instruction.Negate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/** Writes arithmetic; what no JVM instruction does goes to {@link AluSemantics}, as in the interpreter. */
final class ArithmeticEmitter {

    private static final ClassDesc SEMANTICS = Descriptors.of(AluSemantics.class);
    private static final long LOW = 0xffff_ffffL;
    private static final int FRAME_POINTER = 10;

    private final Locals locals;
    private final Uses uses;
    private final CodeBuilder code;

    ArithmeticEmitter(Locals locals, Uses uses, CodeBuilder code) {
        this.locals = locals;
        this.uses = uses;
        this.code = code;
    }

    private CodeBuilder register(int number) {
        uses.framePointer |= number == FRAME_POINTER;
        return locals.load(code, number);
    }

    void push64(Operand operand) {
        switch (operand) {
            case Register r -> register(r.number());
            case Immediate i -> code.loadConstant((long) i.value());
        }
    }

    void push32(Operand operand) {
        switch (operand) {
            case Register r -> register(r.number()).l2i();
            case Immediate i -> code.loadConstant(i.value());
        }
    }

    void alu(Alu i) {
        if (i.width() == Width.W64) {
            alu64(i);
        } else {
            alu32(i);
        }
        code.lstore(locals.register(i.dst()));
    }

    private void alu64(Alu i) {
        if (i.op() != AluOp.MOV) {
            register(i.dst());
        }
        switch (i.op()) {
            case ADD -> longOperand(i).ladd();
            case SUB -> longOperand(i).lsub();
            case MUL -> longOperand(i).lmul();
            case DIV -> semantics64(i, "divideUnsigned64");
            case SDIV -> semantics64(i, "divideSigned64");
            case MOD -> semantics64(i, "moduloUnsigned64");
            case SMOD -> semantics64(i, "moduloSigned64");
            case OR -> longOperand(i).lor();
            case AND -> longOperand(i).land();
            case XOR -> longOperand(i).lxor();
            case LSH -> intOperand(i).lshl();
            case RSH -> intOperand(i).lushr();
            case ARSH -> intOperand(i).lshr();
            case MOV -> longOperand(i);
        }
    }

    private CodeBuilder longOperand(Alu i) {
        push64(i.src());
        return code;
    }

    private CodeBuilder intOperand(Alu i) {
        push32(i.src());
        return code;
    }

    private void semantics64(Alu i, String name) {
        push64(i.src());
        code.invokestatic(SEMANTICS, name, MethodTypeDesc.of(CD_long, CD_long, CD_long));
    }

    private void alu32(Alu i) {
        if (i.op() == AluOp.MOV && i.src() instanceof Immediate c) {
            code.loadConstant(c.value() & LOW);
            return;
        }
        if (i.op() == AluOp.MOV) {
            push64(i.src());
            code.loadConstant(LOW).land();
            return;
        }
        register(i.dst()).l2i();
        push32(i.src());
        switch (i.op()) {
            case ADD -> code.iadd();
            case SUB -> code.isub();
            case MUL -> code.imul();
            case DIV -> semantics32("divideUnsigned32");
            case SDIV -> semantics32("divideSigned32");
            case MOD -> semantics32("moduloUnsigned32");
            case SMOD -> semantics32("moduloSigned32");
            case OR -> code.ior();
            case AND -> code.iand();
            case XOR -> code.ixor();
            case LSH -> code.ishl();
            case RSH -> code.iushr();
            case ARSH -> code.ishr();
            case MOV -> throw new IllegalStateException("a move is handled above");
        }
        code.i2l().loadConstant(LOW).land();
    }

    private void semantics32(String name) {
        code.invokestatic(SEMANTICS, name, MethodTypeDesc.of(CD_int, CD_int, CD_int));
    }

    void moveSignExtended(MoveSignExtended i) {
        register(i.src()).l2i();
        switch (i.bits()) {
            case 8 -> code.i2b();
            case 16 -> code.i2s();
            default -> {}
        }
        code.i2l();
        if (i.width() == Width.W32) {
            code.loadConstant(LOW).land();
        }
        code.lstore(locals.register(i.dst()));
    }

    void negate(Negate i) {
        register(i.dst()).lneg();
        if (i.width() == Width.W32) {
            code.loadConstant(LOW).land();
        }
        code.lstore(locals.register(i.dst()));
    }

    void byteSwap(ByteSwap i) {
        int shift = Long.SIZE - i.bits();
        register(i.dst());
        if (i.order() == Order.LITTLE) {
            if (shift > 0) {
                code.loadConstant(-1L >>> shift).land();
            }
        } else {
            code.invokestatic(Descriptors.of(Long.class), "reverseBytes", MethodTypeDesc.of(CD_long, CD_long));
            if (shift > 0) {
                code.loadConstant(shift).lushr();
            }
        }
        code.lstore(locals.register(i.dst()));
    }
}

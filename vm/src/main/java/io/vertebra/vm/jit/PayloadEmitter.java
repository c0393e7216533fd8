package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.PayloadType;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Load;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Code of one method that reads the payload: the parameter of the direct form, whatever it is, so that no segment is made
 * for it; else the run's segment.
 */
final class PayloadEmitter {

    private static final ClassDesc BYTES = Descriptors.of(byte[].class);
    private static final ClassDesc BUFFER = Descriptors.of(ByteBuffer.class);
    private static final ClassDesc VAR_HANDLE = Descriptors.of(VarHandle.class);
    private static final ClassDesc RUN = Descriptors.of(RunContext.class);

    private final MemoryEmitter memory;
    private final Signature signature;
    private final Locals locals;
    private final Uses uses;
    private final CodeBuilder code;

    PayloadEmitter(MemoryEmitter memory, Signature signature, Locals locals, Uses uses, CodeBuilder code) {
        this.memory = memory;
        this.signature = signature;
        this.locals = locals;
        this.uses = uses;
        this.code = code;
    }

    /** Puts what the method's loads need into locals. */
    void prologue() {
        switch (signature.payloadType().orElse(null)) {
            case null -> {
                support("payload", Descriptors.of(MemorySegment.class), RUN, Locals.RUN)
                        .astore(locals.payload);
                bounds(Locals.RUN, RUN);
            }
            case BUFFER -> bounds(locals.payload, BUFFER);
            case BYTES, SEGMENT -> {}
        }
    }

    private void bounds(int local, ClassDesc of) {
        support("payloadStart", CD_long, of, local).lstore(locals.payloadStart);
        support("payloadLength", CD_long, of, local).lstore(locals.payloadLength);
    }

    private CodeBuilder support(String name, ClassDesc result, ClassDesc parameter, int local) {
        return code.aload(local).invokestatic(Constants.SUPPORT, name, MethodTypeDesc.of(result, parameter));
    }

    /** Pushes what is loaded. */
    void load(Load i) {
        long displacement = i.offset() - Addresses.PAYLOAD;
        switch (signature.payloadType().orElse(null)) {
            case null -> {
                uses.run(RunUse.FULL);
                segment(i.size());
                memory.checked(i.base(), displacement, i.size(), locals.payloadStart, locals.payloadLength);
                WordCode.get(code, i.size());
            }
            case SEGMENT -> {
                segment(i.size());
                memory.index(i.base(), displacement);
                WordCode.get(code, i.size());
            }
            case BYTES -> {
                handle(i.size(), PayloadType.BYTES);
                memory.index(i.base(), displacement);
                // Only unverified code could have more than 31 bits here; what is left of them is still checked.
                code.l2i();
                get(i.size(), BYTES);
            }
            case BUFFER -> {
                handle(i.size(), PayloadType.BUFFER);
                memory.checked(i.base(), displacement, i.size(), locals.payloadStart, locals.payloadLength);
                code.l2i();
                get(i.size(), BUFFER);
            }
        }
        WordCode.widen(code, i.size(), i.signed());
    }

    private void segment(AccessSize size) {
        code.aload(locals.payload);
        WordCode.layout(code, size);
    }

    private void handle(AccessSize size, PayloadType type) {
        if (size != AccessSize.BYTE) {
            code.getstatic(Constants.SUPPORT, WordCode.name(size) + "_OF_" + type.name(), VAR_HANDLE);
        }
        code.aload(locals.payload);
    }

    private void get(AccessSize size, ClassDesc payload) {
        if (size != AccessSize.BYTE) {
            code.invokevirtual(VAR_HANDLE, "get", MethodTypeDesc.of(WordCode.type(size), payload, CD_int));
        } else if (payload.equals(BYTES)) {
            code.baload();
        } else {
            code.invokevirtual(BUFFER, "get", MethodTypeDesc.of(CD_byte, CD_int));
        }
    }
}

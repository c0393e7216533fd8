package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Atomic;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.program.AccessPlan;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/** Writes atomic operations: on the values of a map that the plan names, else through the run's address space. */
final class AtomicEmitter {

    private static final ClassDesc RUN = Descriptors.of(RunContext.class);
    private static final ClassDesc SEGMENT = Descriptors.of(MemorySegment.class);
    private static final ClassDesc VAR_HANDLE = Descriptors.of(VarHandle.class);
    private static final long LOW = 0xffff_ffffL;

    private final Unit unit;
    private final Locals locals;
    private final MemoryEmitter memory;
    private final CodeBuilder code;

    AtomicEmitter(Unit unit, Locals locals, MemoryEmitter memory, CodeBuilder code) {
        this.unit = unit;
        this.locals = locals;
        this.memory = memory;
        this.code = code;
    }

    void atomic(int slot, Atomic i) {
        memory.choice().of(slot, i.base(), i.offset(), region -> {
            if (region instanceof AccessPlan.MapValue(int map)
                    && unit.maps().get(map).writable()) {
                atomicOnMap(map, i);
            } else {
                anywhere(slot, i);
            }
        });
        if (i.op() == AtomicOp.COMPARE_EXCHANGE) {
            code.lstore(locals.register(0));
        } else if (i.fetch() || i.op() == AtomicOp.EXCHANGE) {
            code.lstore(locals.register(i.src()));
        } else {
            code.pop2();
        }
    }

    private void anywhere(int slot, Atomic i) {
        memory.run();
        memory.index(i.base(), i.offset());
        memory.register(i.src());
        if (i.op() == AtomicOp.COMPARE_EXCHANGE) {
            memory.register(0);
        } else {
            code.lconst_0();
        }
        unit.constants().push(code, i, Atomic.class);
        code.loadConstant(slot)
                .invokestatic(
                        Constants.SUPPORT,
                        "atomic",
                        MethodTypeDesc.of(
                                CD_long, RUN, CD_long, CD_long, CD_long, Descriptors.of(Atomic.class), CD_int));
    }

    private void atomicOnMap(int map, Atomic i) {
        boolean wide = i.size() == AccessSize.DOUBLE;
        var number = wide ? CD_long : CD_int;
        code.getstatic(Constants.SUPPORT, wide ? "ATOMIC_LONG" : "ATOMIC_INT", VAR_HANDLE);
        memory.values(map);
        memory.index(i.base(), i.offset() - Addresses.mapValues(map));
        boolean compares = i.op() == AtomicOp.COMPARE_EXCHANGE;
        if (compares) {
            operand(0, wide);
        }
        operand(i.src(), wide);
        code.invokevirtual(
                VAR_HANDLE,
                accessMode(i.op()),
                compares
                        ? MethodTypeDesc.of(number, SEGMENT, CD_long, number, number)
                        : MethodTypeDesc.of(number, SEGMENT, CD_long, number));
        if (!wide) {
            code.i2l().loadConstant(LOW).land();
        }
    }

    private void operand(int register, boolean wide) {
        memory.register(register);
        if (!wide) {
            code.l2i();
        }
    }

    private static String accessMode(AtomicOp op) {
        return switch (op) {
            case ADD -> "getAndAdd";
            case OR -> "getAndBitwiseOr";
            case AND -> "getAndBitwiseAnd";
            case XOR -> "getAndBitwiseXor";
            case EXCHANGE -> "getAndSet";
            case COMPARE_EXCHANGE -> "compareAndExchange";
        };
    }
}

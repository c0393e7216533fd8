package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_short;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Atomic;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Load;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Store;
import io.vertebra.vm.jit.StackSlots.Part;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.ContextLayout;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes loads, stores and atomic operations. Where the plan names one region, the access goes to that region's segment at
 * {@code address - start of the region}, which the JVM checks; a lying plan can at most reach memory of the codelet's own.
 * Everywhere else the access goes through the run's address space, as in the interpreter.
 */
final class MemoryEmitter {

    private static final ClassDesc RUN = Descriptors.of(RunContext.class);
    private static final ClassDesc SEGMENT = Descriptors.of(MemorySegment.class);
    private static final ClassDesc VAR_HANDLE = Descriptors.of(java.lang.invoke.VarHandle.class);
    private static final long LOW = 0xffff_ffffL;
    private static final int FRAME_POINTER = 10;

    private final Unit unit;
    private final CompiledFunction function;
    private final Signature signature;
    private final Locals locals;
    private final Uses uses;
    private final CodeBuilder code;
    private final PayloadEmitter payload;

    MemoryEmitter(
            Unit unit, CompiledFunction function, Signature signature, Locals locals, Uses uses, CodeBuilder code) {
        this.unit = unit;
        this.function = function;
        this.signature = signature;
        this.locals = locals;
        this.uses = uses;
        this.code = code;
        this.payload = new PayloadEmitter(this, signature, locals, uses, code);
    }

    /** Puts what the method's accesses need into locals. */
    void prologue(Uses needed) {
        if (needed.stack) {
            support("stack", SEGMENT).astore(locals.stack);
        }
        if (needed.context) {
            support("context", SEGMENT).astore(locals.context);
            support("contextStart", CD_long).lstore(locals.contextStart);
            support("contextLength", CD_long).lstore(locals.contextLength);
        }
        if (needed.payload) {
            payload.prologue();
        }
    }

    private CodeBuilder support(String name, ClassDesc result) {
        return code.aload(Locals.RUN).invokestatic(Constants.SUPPORT, name, MethodTypeDesc.of(result, RUN));
    }

    private CodeBuilder run() {
        uses.run(RunUse.FULL);
        return code.aload(Locals.RUN);
    }

    CodeBuilder stack() {
        uses.stack();
        return code.aload(locals.stack);
    }

    private CodeBuilder register(int number) {
        uses.framePointer |= number == FRAME_POINTER;
        return locals.load(code, number);
    }

    // ---- loads ----

    void load(int slot, Load i) {
        var part = part(slot, i.base(), i.offset());
        if (part.isPresent()) {
            code.lload(locals.part(part.get()));
            extend(i.size(), i.signed());
        } else if (frozen(slot, i) instanceof Origin.Constant(long value)) {
            code.loadConstant(value);
        } else {
            switch (unit.region(slot)) {
                case AccessPlan.Stack _ -> {
                    stack();
                    layout(i.size());
                    index(i.base(), i.offset() - Addresses.STACK);
                    get(i.size(), i.signed());
                }
                case AccessPlan.Context _ -> context(slot, i);
                case AccessPlan.Payload _ -> {
                    uses.payload = true;
                    payload.load(i);
                }
                case AccessPlan.MapValue(int map) -> values(map, i);
                case AccessPlan.RingRecord(int map) -> values(map, i);
                case null, default -> anywhere(slot, i);
            }
        }
        code.lstore(locals.register(i.dst()));
    }

    private void values(int map, Load i) {
        values(map);
        layout(i.size());
        index(i.base(), i.offset() - Addresses.mapValues(map));
        get(i.size(), i.signed());
    }

    private void context(int slot, Load i) {
        if (signature.direct().isPresent()) {
            parameter(unit.contextOffset(slot).orElseThrow(), i);
            return;
        }
        uses.context = true;
        code.aload(locals.context);
        layout(i.size());
        checked(i.base(), i.offset() - Addresses.CONTEXT, i.size(), locals.contextStart, locals.contextLength);
        get(i.size(), i.signed());
    }

    /** A field of the context, or a part of one. */
    private void parameter(int offset, Load i) {
        var form = signature.direct().orElseThrow();
        var field = form.covering(offset, i.size().bytes()).orElseThrow();
        if (field.kind() == ContextLayout.Kind.PAYLOAD) {
            code.loadConstant(Addresses.PAYLOAD);
        } else {
            code.lload(signature.field(field));
        }
        int shift = (offset - field.offset()) * Byte.SIZE;
        if (shift > 0) {
            code.loadConstant(shift).lushr();
        }
        if (i.signed()) {
            extend(i.size(), true);
        } else if (i.size().bytes() < field.size()) {
            truncate(i.size());
        }
    }

    private void anywhere(int slot, Load i) {
        run();
        index(i.base(), i.offset());
        code.loadConstant(i.size().bytes())
                .loadConstant(i.signed() ? 1 : 0)
                .loadConstant(slot)
                .invokestatic(
                        Constants.SUPPORT,
                        "load",
                        MethodTypeDesc.of(CD_long, RUN, CD_long, CD_int, CD_boolean, CD_int));
    }

    /** The part of the stack that is a local and that an access means. */
    private Optional<Part> part(int slot, int base, int offset) {
        return function.origins().of(slot, base) instanceof Origin.Stack(long at)
                ? function.stackSlots().at(at + offset)
                : Optional.empty();
    }

    /** The value of a load from constant data, which is folded into the code. */
    private Origin frozen(int slot, Load i) {
        if (!(function.origins().of(slot, i.base()) instanceof Origin.Constant(long address))) {
            return null;
        }
        for (int m = 0; m < unit.maps().size(); m++) {
            long offset = address + i.offset() - Addresses.mapValues(m);
            var map = unit.maps().get(m);
            if (map.spec().frozen()
                    && offset >= 0
                    && offset + i.size().bytes() <= map.spec().valueSize()) {
                return new Origin.Constant(read(map.values(), offset, i));
            }
        }
        return null;
    }

    private static long read(MemorySegment values, long offset, Load i) {
        long value = 0;
        for (int k = i.size().bytes() - 1; k >= 0; k--) {
            value = (value << Byte.SIZE) | (values.get(ValueLayout.JAVA_BYTE, offset + k) & 0xffL);
        }
        int unused = Long.SIZE - i.size().bytes() * Byte.SIZE;
        return i.signed() ? value << unused >> unused : value;
    }

    private void extend(AccessSize size, boolean signed) {
        switch (size) {
            case BYTE -> {
                if (signed) {
                    code.l2i().i2b().i2l();
                }
            }
            case HALF -> {
                if (signed) {
                    code.l2i().i2s().i2l();
                }
            }
            case WORD -> {
                if (signed) {
                    code.l2i().i2l();
                }
            }
            case DOUBLE -> {}
        }
    }

    void get(AccessSize size, boolean signed) {
        get(size);
        widen(size, signed);
    }

    /** Reads a segment; its layout and the offset are on the operand stack. */
    void get(AccessSize size) {
        code.invokeinterface(SEGMENT, "get", MethodTypeDesc.of(type(size), layoutType(size), CD_long));
    }

    /** Makes a {@code long} of what was read. */
    void widen(AccessSize size, boolean signed) {
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

    // ---- stores ----

    void store(int slot, Store i) {
        var part = part(slot, i.base(), i.offset());
        if (part.isPresent()) {
            push(i.src());
            truncate(i.size());
            code.lstore(locals.part(part.get()));
            return;
        }
        switch (unit.region(slot)) {
            case AccessPlan.Stack _ -> {
                stack();
                layout(i.size());
                index(i.base(), i.offset() - Addresses.STACK);
                set(i.size(), i.src());
            }
            case AccessPlan.MapValue(int map) when unit.maps().get(map).writable() -> values(map, i);
            case AccessPlan.RingRecord(int map) -> values(map, i);
            case null, default -> {
                run();
                index(i.base(), i.offset());
                push(i.src());
                code.loadConstant(i.size().bytes())
                        .loadConstant(slot)
                        .invokestatic(
                                Constants.SUPPORT,
                                "store",
                                MethodTypeDesc.of(CD_void, RUN, CD_long, CD_long, CD_int, CD_int));
            }
        }
    }

    private void values(int map, Store i) {
        values(map);
        layout(i.size());
        index(i.base(), i.offset() - Addresses.mapValues(map));
        set(i.size(), i.src());
    }

    private void set(AccessSize size, Operand value) {
        push(value);
        narrow(size);
        code.invokeinterface(SEGMENT, "set", MethodTypeDesc.of(CD_void, layoutType(size), CD_long, type(size)));
    }

    void narrow(AccessSize size) {
        switch (size) {
            case BYTE -> code.l2i().i2b();
            case HALF -> code.l2i().i2s();
            case WORD -> code.l2i();
            case DOUBLE -> {}
        }
    }

    private void truncate(AccessSize size) {
        if (size != AccessSize.DOUBLE) {
            code.loadConstant(-1L >>> (Long.SIZE - size.bytes() * Byte.SIZE)).land();
        }
    }

    private void push(Operand operand) {
        switch (operand) {
            case Register r -> register(r.number());
            case Immediate i -> code.loadConstant((long) i.value());
        }
    }

    // ---- atomics ----

    void atomic(int slot, Atomic i) {
        if (unit.region(slot) instanceof AccessPlan.MapValue(int map)
                && unit.maps().get(map).writable()) {
            atomicOnMap(map, i);
        } else {
            run();
            index(i.base(), i.offset());
            register(i.src());
            if (i.op() == AtomicOp.COMPARE_EXCHANGE) {
                register(0);
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
        if (i.op() == AtomicOp.COMPARE_EXCHANGE) {
            code.lstore(locals.register(0));
        } else if (i.fetch() || i.op() == AtomicOp.EXCHANGE) {
            code.lstore(locals.register(i.src()));
        } else {
            code.pop2();
        }
    }

    private void atomicOnMap(int map, Atomic i) {
        boolean wide = i.size() == AccessSize.DOUBLE;
        var number = wide ? CD_long : CD_int;
        code.getstatic(Constants.SUPPORT, wide ? "ATOMIC_LONG" : "ATOMIC_INT", VAR_HANDLE);
        values(map);
        index(i.base(), i.offset() - Addresses.mapValues(map));
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
        register(register);
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

    // ---- pieces ----

    void values(int map) {
        BpfMap live = unit.maps().get(map);
        unit.constants().push(code, live.values(), MemorySegment.class);
    }

    void index(int base, long displacement) {
        register(base);
        if (displacement != 0) {
            code.loadConstant(displacement).ladd();
        }
    }

    /** {@code start + checkIndex(base + displacement, length - (bytes - 1))}. */
    void checked(int base, long displacement, AccessSize size, int start, int length) {
        code.lload(start);
        index(base, displacement);
        code.lload(length);
        if (size != AccessSize.BYTE) {
            code.loadConstant((long) size.bytes() - 1).lsub();
        }
        code.invokestatic(Descriptors.of(Objects.class), "checkIndex", MethodTypeDesc.of(CD_long, CD_long, CD_long))
                .ladd();
    }

    void layout(AccessSize size) {
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

    static ClassDesc layoutType(AccessSize size) {
        return Descriptors.of(
                switch (size) {
                    case BYTE -> ValueLayout.OfByte.class;
                    case HALF -> ValueLayout.OfShort.class;
                    case WORD -> ValueLayout.OfInt.class;
                    case DOUBLE -> ValueLayout.OfLong.class;
                });
    }

    static ClassDesc type(AccessSize size) {
        return switch (size) {
            case BYTE -> CD_byte;
            case HALF -> CD_short;
            case WORD -> CD_int;
            case DOUBLE -> CD_long;
        };
    }
}

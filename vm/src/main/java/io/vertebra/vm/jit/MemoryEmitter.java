package io.vertebra.vm.jit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import io.vertebra.vm.exec.Addresses;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.isa.Instruction.AccessSize;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Load;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Store;
import io.vertebra.vm.jit.StackSlots.Part;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.AccessPlan;
import io.vertebra.vm.program.AccessPlan.Region;
import io.vertebra.vm.program.ContextLayout;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes loads, stores and atomic operations. Where the plan names one region or a few, the access goes to that region's segment
 * at {@code address - start of the region}, which the JVM checks; a lying plan can at most reach memory of the codelet's own.
 * Everywhere else the access goes through the run's address space, as in the interpreter.
 */
final class MemoryEmitter {

    private static final ClassDesc RUN = Descriptors.of(RunContext.class);
    private static final ClassDesc SEGMENT = Descriptors.of(MemorySegment.class);
    private static final int FRAME_POINTER = 10;

    private final Unit unit;
    private final CompiledFunction function;
    private final Signature signature;
    private final Locals locals;
    private final Uses uses;
    private final CodeBuilder code;
    private final PayloadEmitter payload;
    private final RegionChoice choice;

    MemoryEmitter(
            Unit unit, CompiledFunction function, Signature signature, Locals locals, Uses uses, CodeBuilder code) {
        this.unit = unit;
        this.function = function;
        this.signature = signature;
        this.locals = locals;
        this.uses = uses;
        this.code = code;
        this.payload = new PayloadEmitter(this, signature, locals, uses, code);
        this.choice = new RegionChoice(unit, this, code);
    }

    /** The choice among regions. */
    RegionChoice choice() {
        return choice;
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

    CodeBuilder run() {
        uses.run(RunUse.FULL);
        return code.aload(Locals.RUN);
    }

    CodeBuilder stack() {
        uses.stack();
        return code.aload(locals.stack);
    }

    CodeBuilder register(int number) {
        uses.framePointer |= number == FRAME_POINTER;
        return locals.load(code, number);
    }

    // ---- loads ----

    void load(int slot, Load i) {
        var part = part(slot, i.base(), i.offset());
        if (part.isPresent()) {
            code.lload(locals.part(part.get()));
            if (i.signed()) {
                WordCode.extend(code, i.size());
            }
        } else if (FrozenData.read(unit.maps(), function.origins().of(slot, i.base()), i)
                instanceof Origin.Constant(long value)) {
            code.loadConstant(value);
        } else {
            choice.of(slot, i.base(), i.offset(), region -> load(region, slot, i));
        }
        code.lstore(locals.register(i.dst()));
    }

    private void load(Region region, int slot, Load i) {
        switch (region) {
            case AccessPlan.Stack _ -> {
                stack();
                read(i, Addresses.STACK);
            }
            case AccessPlan.Context _ -> context(slot, i);
            case AccessPlan.Payload _ -> {
                uses.payload = true;
                payload.load(i);
            }
            case AccessPlan.MapValue(int map) -> {
                values(map);
                read(i, Addresses.mapValues(map));
            }
            case AccessPlan.RingRecord(int map) -> {
                values(map);
                read(i, Addresses.mapValues(map));
            }
            case null, default -> anywhere(slot, i);
        }
    }

    /** From a segment that begins at an address to the value of a load. */
    private void read(Load i, long start) {
        WordCode.layout(code, i.size());
        index(i.base(), i.offset() - start);
        WordCode.get(code, i.size(), i.signed());
    }

    private void context(int slot, Load i) {
        if (signature.direct().isPresent()) {
            parameter(unit.contextOffset(slot).orElseThrow(), i);
            return;
        }
        uses.context = true;
        code.aload(locals.context);
        WordCode.layout(code, i.size());
        checked(i.base(), i.offset() - Addresses.CONTEXT, i.size(), locals.contextStart, locals.contextLength);
        WordCode.get(code, i.size(), i.signed());
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
            WordCode.extend(code, i.size());
        } else if (i.size().bytes() < field.size()) {
            WordCode.truncate(code, i.size());
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

    // ---- stores ----

    void store(int slot, Store i) {
        var part = part(slot, i.base(), i.offset());
        if (part.isPresent()) {
            push(i.src());
            WordCode.truncate(code, i.size());
            code.lstore(locals.part(part.get()));
            return;
        }
        choice.of(slot, i.base(), i.offset(), region -> store(region, slot, i));
    }

    private void store(Region region, int slot, Store i) {
        switch (region) {
            case AccessPlan.Stack _ -> {
                stack();
                write(i, Addresses.STACK);
            }
            case AccessPlan.MapValue(int map)
            when unit.maps().get(map).writable() -> {
                values(map);
                write(i, Addresses.mapValues(map));
            }
            case AccessPlan.RingRecord(int map) -> {
                values(map);
                write(i, Addresses.mapValues(map));
            }
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

    /** Writes what is stored into a segment that begins at an address. */
    private void write(Store i, long start) {
        WordCode.layout(code, i.size());
        index(i.base(), i.offset() - start);
        push(i.src());
        WordCode.set(code, i.size());
    }

    private void push(Operand operand) {
        switch (operand) {
            case Register r -> register(r.number());
            case Immediate i -> code.loadConstant((long) i.value());
        }
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
}

package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AluOp;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.Immediate;
import io.vertebra.vm.isa.Instruction.Operand;
import io.vertebra.vm.isa.Instruction.Order;
import io.vertebra.vm.isa.Instruction.Register;
import io.vertebra.vm.isa.Instruction.Width;
import io.vertebra.vm.program.ContextLayout.Kind;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.Program;

/** What an instruction does to a state that entails its assertions. Judges nothing. */
final class Transformer {

    private final Program program;
    private final Platform platform;
    private final HelperEffects helpers;
    private final Ids ids;
    private final Pointers pointers;

    Transformer(Program program, Platform platform, Ids ids) {
        this.program = program;
        this.platform = platform;
        this.ids = ids;
        helpers = new HelperEffects(program, ids);
        pointers = new Pointers(ids);
    }

    static Number constant(long value) {
        return new Number(Scalar.constant(value), 0);
    }

    /** The effect of an instruction that is no jump, no call of a subprogram and no exit. */
    void apply(State state, int slot, Instruction instruction) {
        switch (instruction) {
            case Instruction.Alu i -> alu(state, i);
            case Instruction.MoveSignExtended i ->
                state.set(i.dst(), number(scalar(state, i.src()).signExtended(i.bits(), i.width())));
            case Instruction.Negate i ->
                state.set(i.dst(), number(scalar(state, i.dst()).negate(i.width())));
            case Instruction.ByteSwap i -> state.set(i.dst(), number(swapped(scalar(state, i.dst()), i)));
            case Instruction.LoadImmediate i -> state.set(i.dst(), constant(i.value()));
            case Instruction.LoadMap i -> state.set(i.dst(), new Value.MapReference(i.map()));
            case Instruction.LoadMapValue i ->
                state.set(i.dst(), Value.pointer(new Region.MapValue(i.map()), i.offset()));
            case Instruction.LoadFunction i -> state.set(i.dst(), new Value.FunctionReference(slot + 1 + i.offset()));
            case Instruction.Load i -> load(state, i);
            case Instruction.Store i -> {
                if (i.src() instanceof Register source && isSpill(state, i.base(), source.number())) {
                    // What a branch tells of the register, it tells of the slot.
                    named(state, source.number());
                }
                store(
                        state,
                        (Pointer) state.register(i.base()),
                        i.offset(),
                        i.size().bytes(),
                        operand(state, i.src()));
            }
            case Instruction.Atomic i -> atomic(state, i);
            case Instruction.LoadPacket i -> {
                state.forgetArguments();
                state.set(0, number(Scalar.loaded(i.size().bytes(), false)));
            }
            case Instruction.WideTail _,
                    Instruction.Jump _,
                    Instruction.JumpIf _,
                    Instruction.Call _,
                    Instruction.CallLocal _,
                    Instruction.CallRegister _,
                    Instruction.Exit _ ->
                throw new IllegalArgumentException("not a straight instruction: " + instruction);
        }
    }

    /** The effect of a helper. */
    void call(State state, HelperPrototype prototype) {
        helpers.apply(state, prototype);
    }

    private static Value number(Scalar scalar) {
        return Value.number(scalar);
    }

    private static Scalar scalar(State state, int register) {
        return ((Number) state.register(register)).scalar();
    }

    private static Value operand(State state, Operand operand) {
        return switch (operand) {
            case Register r -> state.register(r.number());
            case Immediate i -> constant(i.value());
        };
    }

    private void alu(State state, Instruction.Alu i) {
        if (i.op() == AluOp.MOV) {
            move(state, i);
            return;
        }
        var left = state.register(i.dst());
        var right = operand(state, i.src());
        if (left instanceof Number a && right instanceof Number b) {
            state.set(i.dst(), sum(state, i, a, b));
        } else if (left instanceof Pointer p && right instanceof Pointer q) {
            state.set(i.dst(), Pointers.difference(state, p, q));
        } else if (left instanceof Pointer p && i.op() == AluOp.SUB) {
            var by = ((Number) right).scalar().negate(Width.W64);
            state.set(i.dst(), pointers.moved(state, p, Value.number(by)));
        } else if (left instanceof Pointer p) {
            var by = i.src() instanceof Register r ? named(state, r.number()) : (Number) right;
            state.set(i.dst(), pointers.moved(state, p, by));
        } else {
            state.set(i.dst(), pointers.moved(state, (Pointer) right, named(state, i.dst())));
        }
    }

    /** The result; what a number that varies was added to is remembered. */
    private Number sum(State state, Instruction.Alu i, Number a, Number b) {
        var result = Numbers.apply(i.op(), i.width(), a, b);
        if (i.op() != AluOp.ADD || result.id() != 0 || !Numbers.isSum(i.width(), a, b, result)) {
            return result;
        }
        if (a.isWhole() && b.isWhole() && state.sumOf(a.id(), b.id(), a.delta() + b.delta()) != 0) {
            return new Number(result.scalar(), state.sumOf(a.id(), b.id(), a.delta() + b.delta()));
        }
        int id = ids.next();
        boolean behindLeft = noteSum(state, id, a, b);
        boolean behindRight = noteSum(state, id, b, a);
        return behindLeft || behindRight ? new Number(result.scalar(), id) : result;
    }

    private static boolean noteSum(State state, int sum, Number base, Number by) {
        if (base.id() <= 0 || !base.isWhole()) {
            return false;
        }
        int addend = by.id() > 0 && by.isWhole() ? by.id() : 0;
        long least = by.scalar().wide().smin() + base.delta();
        state.noteSum(sum, base.id(), addend, base.delta() + by.delta(), least);
        return true;
    }

    private void move(State state, Instruction.Alu i) {
        var value = operand(state, i.src());
        if (value instanceof Number && i.src() instanceof Register source) {
            value = named(state, source.number());
        }
        state.set(i.dst(), value instanceof Number n && i.width() == Width.W32 ? Numbers.lowOf(n) : value);
    }

    /** The number in a register, of which there are copies from now on. */
    private Number named(State state, int register) {
        return Numbers.named(state, register, ids);
    }

    private static boolean isSpill(State state, int base, int source) {
        return state.register(source) instanceof Number
                && state.register(base) instanceof Pointer p
                && p.region() instanceof Region.Stack;
    }

    private static Scalar swapped(Scalar scalar, Instruction.ByteSwap i) {
        if (i.order() == Order.LITTLE) {
            return scalar.zeroExtended(i.bits());
        }
        if (scalar.isConstant()) {
            return Scalar.constant(Long.reverseBytes(scalar.value()) >>> (Long.SIZE - i.bits()));
        }
        return Scalar.loaded(i.bits() / Byte.SIZE, false);
    }

    private void load(State state, Instruction.Load i) {
        var base = (Pointer) state.register(i.base());
        var value = loaded(state, base, i);
        if (i.signed() && value instanceof Number n) {
            value = number(n.scalar().signExtended(i.size().bytes() * Byte.SIZE, Width.W64));
        }
        state.set(i.dst(), value);
    }

    private Value loaded(State state, Pointer base, Instruction.Load i) {
        int bytes = i.size().bytes();
        return switch (base.region()) {
            case Region.Stack _ -> StackMemory.load(state, base, i.offset(), bytes);
            case Region.Context _ -> field(Extent.of(base, i.offset()).least(), bytes);
            case Region.MapValue region -> mapValue(program.maps().get(region.map()), base, i);
            case Region.Payload _,
                    Region.PayloadEnd _,
                    Region.MapKey _,
                    Region.MapObject _,
                    Region.RingRecord _,
                    Region.SampleDynptr _,
                    Region.Slice _ -> number(Scalar.loaded(bytes, false));
        };
    }

    private Value field(long offset, int bytes) {
        var kind = platform.context().covering(offset, bytes).orElseThrow().kind();
        return switch (kind) {
            case Kind.SCALAR, Kind.STRING -> number(Scalar.loaded(bytes, false));
            case Kind.PAYLOAD -> Value.pointer(new Region.Payload(), 0);
            case Kind.PAYLOAD_END -> Value.pointer(new Region.PayloadEnd(), 0);
        };
    }

    private static Value mapValue(MapSpec map, Pointer base, Instruction.Load i) {
        int bytes = i.size().bytes();
        var extent = Extent.of(base, i.offset());
        if (!map.frozen() || !extent.isExact() || extent.least() + bytes > map.initial().length) {
            return number(Scalar.loaded(bytes, false));
        }
        // Sound because nobody can write a frozen map after load.
        long content = 0;
        for (int at = bytes - 1; at >= 0; at--) {
            content = content << Byte.SIZE | (map.initial()[(int) extent.least() + at] & 0xff);
        }
        return constant(content);
    }

    private static void store(State state, Pointer base, int offset, int bytes, Value value) {
        if (base.region() instanceof Region.Stack) {
            StackMemory.store(state, base, offset, bytes, value);
        }
    }

    private static void atomic(State state, Instruction.Atomic i) {
        var base = (Pointer) state.register(i.base());
        int bytes = i.size().bytes();
        if (base.region() instanceof Region.Stack) {
            StackMemory.load(state, base, i.offset(), bytes);
        }
        store(state, base, i.offset(), bytes, number(Scalar.UNKNOWN));
        if (i.op() == AtomicOp.COMPARE_EXCHANGE) {
            state.set(0, number(Scalar.loaded(bytes, false)));
        } else if (i.fetch() || i.op() == AtomicOp.EXCHANGE) {
            state.set(i.src(), number(Scalar.loaded(bytes, false)));
        }
    }
}

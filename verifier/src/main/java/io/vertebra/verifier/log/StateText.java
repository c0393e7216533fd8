package io.vertebra.verifier.log;

import io.vertebra.verifier.domain.Frame;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.Slot;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Tnum;
import io.vertebra.verifier.domain.Value;
import io.vertebra.vm.program.Program;
import java.util.StringJoiner;

/** States in few words: {@code r1=ctx r2=[0, 63]#4 fp-8=payload+2}; ids follow a number sign. */
final class StateText {

    private static final int REGISTERS = 10;

    private final Program program;

    StateText(Program program) {
        this.program = program;
    }

    /** Everything that the running function knows. */
    String known(State state) {
        var result = new StringJoiner(" ");
        for (int register = 0; register < REGISTERS; register++) {
            if (!(state.register(register) instanceof Value.Uninitialised)) {
                result.add(register(register, state));
            }
        }
        for (int frame = 0; frame < state.depth(); frame++) {
            for (int slot = 0; slot < Frame.STACK_SLOTS; slot++) {
                if (!state.peekSlot(frame, slot).equals(Slot.UNSET)) {
                    result.add(slot(state, frame, slot));
                }
            }
        }
        return result.toString();
    }

    /** What is known anew in a later state; everything, when another function runs. */
    String changes(State before, State after) {
        if (before.depth() != after.depth()) {
            return known(after);
        }
        var result = new StringJoiner(" ");
        for (int register = 0; register < REGISTERS; register++) {
            var text = register(register, after);
            // What is proved of the payload is not in the pointers themselves.
            if (!(after.register(register) instanceof Value.Uninitialised)
                    && !text.equals(register(register, before))) {
                result.add(text);
            }
        }
        for (int frame = 0; frame < after.depth(); frame++) {
            for (int slot = 0; slot < Frame.STACK_SLOTS; slot++) {
                if (!before.peekSlot(frame, slot).equals(after.peekSlot(frame, slot))) {
                    result.add(slot(after, frame, slot));
                }
            }
        }
        return result.toString();
    }

    private String register(int register, State state) {
        return "r" + register + "=" + value(state, state.register(register));
    }

    private String slot(State state, int frame, int number) {
        return stack(state.depth(), frame) + (number * Slot.SIZE - Frame.STACK_SIZE) + "="
                + content(state, state.peekSlot(frame, number));
    }

    /** The running function's frame has no number. */
    private static String stack(int depth, int frame) {
        return frame == depth - 1 ? "fp" : "fp[" + frame + "]";
    }

    private String content(State state, Slot slot) {
        if (slot.whole() != null) {
            return value(state, slot.whole());
        }
        var bytes = new StringBuilder();
        for (int at = 0; at < Slot.SIZE; at++) {
            bytes.append((slot.zero() & 1 << at) != 0 ? '0' : slot.isData(at, 1) ? 'm' : '?');
        }
        return bytes.toString();
    }

    String value(State state, Value value) {
        return switch (value) {
            case Value.Uninitialised _ -> "?";
            case Value.Number n -> number(n.scalar()) + word(n);
            case Value.Pointer p -> place(state, p) + id(p.id()) + (p.nullable() ? " or null" : "");
            case Value.MapReference m -> "map " + map(m.map());
            case Value.FunctionReference f ->
                "function " + program.functionAt(f.slot()).name();
            case Value.Dynptr d -> (d.first() ? "dynptr " : "dynptr+8 ") + map(d.map()) + id(d.id());
        };
    }

    private static String id(int id) {
        return id == 0 ? "" : "#" + id;
    }

    /** The word that a number is made from, the payload's length, or what is left of it behind a word. */
    private static String word(Value.Number n) {
        if (n.id() == 0) {
            return "";
        }
        var word = n.id() > 0 ? "#" + n.id() : n.id() == Value.Number.LENGTH ? "#length" : "#length-#" + ~n.id();
        var sum = n.delta() == 0 ? word : word + (n.delta() < 0 ? "-" + -n.delta() : "+" + n.delta());
        return switch (n.part()) {
            case WHOLE -> sum;
            case LOW -> "(u32)" + sum;
            case SHIFTED_LOW, SHIFTED_WHOLE -> "(u32)" + sum + "<<32";
        };
    }

    /** Bits are told where they say more than the range. */
    private static String number(Scalar scalar) {
        boolean more = !scalar.isConstant()
                && !scalar.bits()
                        .equals(Tnum.range(scalar.wide().umin(), scalar.wide().umax()));
        return scalar + (more ? " bits " + scalar.bits() : "");
    }

    private String place(State state, Value.Pointer p) {
        long proven = state.proven(p.index());
        var base = switch (p.region()) {
            case Region.Stack s -> "fp[" + s.frame() + "]";
            case Region.Context _ -> "ctx";
            case Region.Payload _ -> "payload";
            case Region.PayloadEnd _ -> "payload_end";
            case Region.MapKey m -> "key of " + map(m.map());
            case Region.MapValue m -> "value of " + map(m.map());
            case Region.MapObject m -> "map " + map(m.map());
            case Region.RingRecord r -> "record of " + map(r.map());
            case Region.SampleDynptr r -> "dynptr of a sample of " + map(r.map());
            case Region.Slice r -> "slice of " + map(r.map()) + id(r.owner());
        };
        boolean moves = !p.variable().isConstant() || p.variable().value() != 0;
        return base
                + (p.offset() == 0 ? "" : p.offset() < 0 ? String.valueOf(p.offset()) : "+" + p.offset())
                + (moves ? "+" + number(p.variable()) + id(p.index()) : "")
                + (p.region() instanceof Region.Payload && proven > 0 ? " (" + proven + " bytes proven)" : "");
    }

    private String map(int map) {
        return "`" + program.maps().get(map).name() + "`";
    }
}

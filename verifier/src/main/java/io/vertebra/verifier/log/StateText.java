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
            if (!before.register(register).equals(after.register(register))
                    && !(after.register(register) instanceof Value.Uninitialised)) {
                result.add(register(register, after));
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
        return "r" + register + "=" + value(state.register(register));
    }

    private String slot(State state, int frame, int number) {
        return stack(state.depth(), frame) + (number * Slot.SIZE - Frame.STACK_SIZE) + "="
                + content(state.peekSlot(frame, number));
    }

    /** The running function's frame has no number. */
    private static String stack(int depth, int frame) {
        return frame == depth - 1 ? "fp" : "fp[" + frame + "]";
    }

    private String content(Slot slot) {
        if (slot.whole() != null) {
            return value(slot.whole());
        }
        var bytes = new StringBuilder();
        for (int at = 0; at < Slot.SIZE; at++) {
            bytes.append((slot.zero() & 1 << at) != 0 ? '0' : slot.isData(at, 1) ? 'm' : '?');
        }
        return bytes.toString();
    }

    String value(Value value) {
        return switch (value) {
            case Value.Uninitialised _ -> "?";
            case Value.Number n -> number(n.scalar()) + id(n.id());
            case Value.Pointer p -> place(p) + id(p.id()) + (p.nullable() ? " or null" : "");
            case Value.MapReference m -> "map " + map(m.map());
            case Value.FunctionReference f ->
                "function " + program.functionAt(f.slot()).name();
        };
    }

    private static String id(int id) {
        return id == 0 ? "" : "#" + id;
    }

    /** Bits are told where they say more than the range. */
    private static String number(Scalar scalar) {
        boolean more = !scalar.isConstant()
                && !scalar.bits()
                        .equals(Tnum.range(scalar.wide().umin(), scalar.wide().umax()));
        return scalar + (more ? " bits " + scalar.bits() : "");
    }

    private String place(Value.Pointer p) {
        var base = switch (p.region()) {
            case Region.Stack s -> "fp[" + s.frame() + "]";
            case Region.Context _ -> "ctx";
            case Region.Payload _ -> "payload";
            case Region.PayloadEnd _ -> "payload_end";
            case Region.MapKey m -> "key of " + map(m.map());
            case Region.MapValue m -> "value of " + map(m.map());
            case Region.MapObject m -> "map " + map(m.map());
            case Region.RingRecord r -> "record of " + map(r.map());
        };
        boolean moves = !p.variable().isConstant() || p.variable().value() != 0;
        return base
                + (p.offset() == 0 ? "" : p.offset() < 0 ? String.valueOf(p.offset()) : "+" + p.offset())
                + (moves ? "+" + number(p.variable()) : "")
                + (p.region() instanceof Region.Payload && p.proven() > 0 ? " (" + p.proven() + " bytes proven)" : "");
    }

    private String map(int map) {
        return "`" + program.maps().get(map).name() + "`";
    }
}

package io.vertebra.verifier.analysis;

import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Value;
import io.vertebra.vm.program.Program;

/** Values and places in the words of messages. */
final class Text {

    private final Program program;

    Text(Program program) {
        this.program = program;
    }

    static String register(int register) {
        return "r" + register;
    }

    static String place(int register, long offset) {
        return offset == 0 ? register(register) : register(register) + (offset < 0 ? " - " + -offset : " + " + offset);
    }

    String map(int map) {
        var outer = InnerMaps.outerOf(program.maps(), map);
        return outer.isPresent()
                ? "an inner map of `" + program.maps().get(outer.getAsInt()).name() + "`"
                : "map `" + program.maps().get(map).name() + "`";
    }

    String region(Region region) {
        return switch (region) {
            case Region.Stack _ -> "the stack";
            case Region.Context _ -> "the context";
            case Region.Payload _ -> "the payload";
            case Region.PayloadEnd _ -> "the end of the payload";
            case Region.MapKey r -> "the key of " + map(r.map());
            case Region.MapValue r -> "the value of " + map(r.map());
            case Region.MapObject r -> map(r.map());
            case Region.RingRecord r -> "the record of " + map(r.map());
        };
    }

    /** What a register holds: {@code r1 is a pointer to the stack}. */
    String is(int register, Value value) {
        return register(register) + " is " + kind(value);
    }

    String kind(Value value) {
        return switch (value) {
            case Value.Uninitialised _ -> "not initialised";
            case Value.Number n -> n.scalar().isConstant() ? "the number " + n.scalar() : "a number, " + n.scalar();
            case Value.Pointer p when p.nullable() -> "a pointer to " + region(p.region()) + " or null";
            case Value.Pointer p -> "a pointer to " + region(p.region());
            case Value.MapReference m -> map(m.map());
            case Value.FunctionReference _ -> "the address of a function";
        };
    }
}

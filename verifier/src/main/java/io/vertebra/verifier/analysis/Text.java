package io.vertebra.verifier.analysis;

import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.platform.Platform;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.isa.AssemblyText;
import io.vertebra.vm.isa.Instruction;
import io.vertebra.vm.isa.Instruction.AtomicOp;
import io.vertebra.vm.isa.Instruction.JumpIf;
import io.vertebra.vm.program.Program;
import java.util.Optional;

/** Values, places and instructions in the words of messages. */
final class Text {

    /** What mends a register that is not initialised. */
    static final String SET_EVERYWHERE = "set it on every path that leads here; calls clear r1 to r5";

    private final Program program;
    private final Platform platform;

    Text(Program program, Platform platform) {
        this.program = program;
        this.platform = platform;
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
            case Region.MapKey r -> "a key of " + map(r.map());
            case Region.MapValue r -> "a value of " + map(r.map());
            case Region.MapObject r -> map(r.map());
            case Region.RingRecord r -> "a record of " + map(r.map());
            case Region.SampleDynptr r -> "the dynptr of a sample of " + map(r.map());
            case Region.Slice r -> "memory of a dynptr to " + map(r.map());
        };
    }

    /** What a register holds: {@code r1 is a pointer to the stack}. */
    String is(int register, Value value) {
        return register(register) + " is " + kind(value);
    }

    String kind(Value value) {
        return switch (value) {
            case Value.Uninitialised _ -> "not initialised";
            case Value.Number n -> number(n.scalar());
            case Value.Pointer p -> "a pointer to " + target(p) + (p.nullable() ? ", maybe null" : "");
            case Value.MapReference m -> map(m.map());
            case Value.Dynptr d -> "a dynptr to " + map(d.map());
            case Value.FunctionReference f ->
                "the address of `" + program.functionAt(f.slot()).name() + "`";
        };
    }

    /** Where the beginning is needed, it is told that a pointer leads elsewhere. */
    private String target(Value.Pointer p) {
        boolean moved = (p.region() instanceof Region.Context || p.region() instanceof Region.RingRecord)
                && p.offset() != 0
                && !p.nullable();
        return (moved ? "byte " + p.offset() + " of " : "") + region(p.region());
    }

    static String number(Scalar scalar) {
        if (scalar.isConstant()) {
            return "the number " + scalar;
        }
        return scalar.wide().equals(Scalar.UNKNOWN.wide()) ? "any number" : "a number in " + scalar;
    }

    /** A helper as C names it, between backquotes. */
    static String name(HelperPrototype prototype) {
        return "`" + prototype.cName() + "`";
    }

    /** An argument of a helper: {@code argument 2 (the key) of `bpf_map_lookup_elem`}. */
    static String argument(HelperPrototype prototype, int index) {
        return "argument " + (index + 1) + " (" + meaning(prototype.arguments().get(index)) + ") of " + name(prototype);
    }

    private static String meaning(Argument argument) {
        return switch (argument) {
            case SCALAR -> "a number";
            case MAP, TIMER_MAP -> "the map";
            case MAP_KEY -> "the key";
            case MAP_VALUE, UNINIT_MAP_VALUE -> "the value";
            case READABLE, READABLE_OR_NULL, SOURCE -> "memory to read";
            case WRITABLE, WRITABLE_LONG -> "memory to fill";
            case VALUE_MEMORY -> "the dynptr's memory";
            case SIZE, SIZE_OR_ZERO, RESERVATION_SIZE, SLICE_SIZE -> "a size";
            case RESERVATION -> "the record";
            case CONTEXT -> "the context";
            case CALLBACK -> "the callback";
            case CALLBACK_STATE -> "what the callback gets";
            case CONST_STRING -> "a string";
            case SPIN_LOCK -> "the lock";
            case TIMER -> "the timer";
            case UNINIT_DYNPTR, UNINIT_RESERVED_DYNPTR, DYNPTR, RESERVED_DYNPTR -> "the dynptr";
            case PER_CPU_VARIABLE -> "a variable";
        };
    }

    Optional<HelperPrototype> helper(int id) {
        return platform.helper(id);
    }

    /** An instruction with names for numbers. */
    String instruction(int slot) {
        int next = slot + 1;
        return switch (program.instructions().get(slot)) {
            case Instruction.Call i
            when helper(i.helper()).isPresent() ->
                "call " + helper(i.helper()).get().cName();
            case Instruction.Call _
            when program.externals().containsKey(slot) ->
                "call " + program.externals().get(slot);
            case Instruction.CallLocal i -> "call " + function(next + i.offset());
            case Instruction.LoadFunction i -> register(i.dst()) + " = " + function(next + i.offset());
            case Instruction.LoadMap i -> register(i.dst()) + " = " + map(i.map());
            case Instruction.LoadMapValue i ->
                register(i.dst()) + " = " + map(i.map()) + (i.offset() == 0 ? "" : " + " + i.offset());
            case Instruction i -> AssemblyText.print(i);
        };
    }

    private String function(int entry) {
        return program.functionAt(entry).name();
    }

    /** What a decision says: {@code not taken: r0 != 0}. */
    String outcome(Path.Decision decision) {
        if (!(program.instructions().get(decision.slot()) instanceof JumpIf jump)) {
            return "runs `" + function(decision.next()) + "`";
        }
        if (decision.isTaken()) {
            return "taken";
        }
        var opposite = jump.condition().negated();
        if (opposite == null) {
            return "not taken";
        }
        var holds = AssemblyText.print(new JumpIf(jump.width(), opposite, jump.left(), jump.right(), jump.offset()));
        return "not taken, so " + holds.substring("if ".length(), holds.indexOf(" goto"));
    }

    private static String origin(int register) {
        return "where " + register(register) + " comes from";
    }

    /** What an instruction did that brought a value: {@code where r0 comes from}. */
    String effect(int slot) {
        return switch (program.instructions().get(slot)) {
            case Instruction.Load i -> origin(i.dst());
            case Instruction.Atomic i -> origin(i.op() == AtomicOp.COMPARE_EXCHANGE ? 0 : i.src());
            default -> origin(0);
        };
    }
}

package io.vertebra.verifier.analysis;

import io.vertebra.verifier.assertion.Assertion.AccessKind;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.program.MapSpec;
import io.vertebra.vm.program.MapType;
import io.vertebra.vm.program.Program;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether an argument register holds what a helper's prototype asks for. */
final class ArgumentChecker {

    /** No helper takes more: sizes beyond it are a mistake of the program. */
    private static final long MAX_SIZE = 1L << 29;

    private final Program program;
    private final MemoryChecker memory;
    private final OpaqueChecker opaque;
    private final DynptrChecker dynptrs;
    private final Text text;

    ArgumentChecker(Program program, MemoryChecker memory, OpaqueChecker opaque, Text text) {
        this.opaque = opaque;
        dynptrs = new DynptrChecker(memory, text);
        this.program = program;
        this.memory = memory;
        this.text = text;
    }

    Optional<Violation> check(State state, HelperPrototype prototype, int index) {
        int register = index + 1;
        var value = state.register(register);
        if (value instanceof Value.Uninitialised) {
            return wrong(prototype, register, value, "an initialised argument");
        }
        var violation = kind(state, prototype, index, value).map(v -> named(v, prototype, index));
        return violation.isEmpty() && Formats.isFormat(prototype.name(), index)
                ? Formats.check(program, state, register)
                : violation;
    }

    /** With the argument's name, where the violation does not say what the memory or the map is needed for. */
    private static Violation named(Violation violation, HelperPrototype prototype, int index) {
        return prototype.arguments().get(index) == Argument.MAP
                        || violation.problem().contains(prototype.cName())
                ? violation
                : with(Text.argument(prototype, index), violation);
    }

    private static Violation with(String argument, Violation v) {
        return new Violation(argument + ": " + v.problem(), v.known(), v.needed(), v.hint());
    }

    private Optional<Violation> kind(State state, HelperPrototype prototype, int index, Value value) {
        int register = index + 1;
        return switch (prototype.arguments().get(index)) {
            case SCALAR -> value instanceof Number ? none() : wrong(prototype, register, value, "a number");
            case MAP -> map(prototype, register, value);
            case MAP_KEY -> {
                var map = Arguments.map(state, prototype, index);
                yield map.isEmpty()
                        ? none()
                        : memory.block(
                                state, register, program.maps().get(map.get()).keySize(), AccessKind.READ);
            }
            case MAP_VALUE -> mapValue(state, prototype, index, AccessKind.READ);
            case UNINIT_MAP_VALUE -> mapValue(state, prototype, index, AccessKind.WRITE);
            case READABLE -> sized(state, prototype, register, AccessKind.READ, false);
            case READABLE_OR_NULL -> sized(state, prototype, register, AccessKind.READ, true);
            case WRITABLE -> sized(state, prototype, register, AccessKind.WRITE, false);
            case SOURCE -> source(state, register);
            case WRITABLE_LONG -> memory.block(state, register, Long.BYTES, AccessKind.WRITE);
            case SIZE -> size(prototype, register, value, 1);
            case SIZE_OR_ZERO -> size(prototype, register, value, 0);
            case RESERVATION_SIZE -> reservationSize(state, prototype, index, value);
            case RESERVATION -> reservation(state, prototype, register, value);
            case CONTEXT ->
                isContext(value) ? none() : wrong(prototype, register, value, "the context pointer, unchanged");
            case CALLBACK ->
                value instanceof Value.FunctionReference
                        ? none()
                        : wrong(prototype, register, value, "the address of a function of the codelet");
            case CALLBACK_STATE ->
                value instanceof Number || value instanceof Pointer
                        ? none()
                        : wrong(prototype, register, value, "a pointer, or NULL");
            case CONST_STRING -> constantString(prototype, register, value);
            case SPIN_LOCK -> opaque.lock(state, prototype, register, value);
            case TIMER -> opaque.timer(prototype, register, value);
            case TIMER_MAP -> opaque.timerMap(state, prototype, register, value);
            case VALUE_MEMORY -> dynptrs.valueMemory(state, prototype, register, value);
            case UNINIT_DYNPTR, UNINIT_RESERVED_DYNPTR -> dynptrs.place(state, prototype, register, value);
            case DYNPTR -> dynptrs.dynptr(state, prototype, register, value);
            case RESERVED_DYNPTR -> dynptrs.reserved(state, prototype, register, value);
            case SLICE_SIZE -> dynptrs.sliceSize(prototype, register, value);
            case PER_CPU_VARIABLE ->
                Optional.of(new Violation(
                        Text.name(prototype) + " needs a per-CPU variable of the kernel",
                        "there is no kernel here, so that no such variable exists",
                        "memory of the codelet's own",
                        "use a PERCPU_ARRAY map with bpf_map_lookup_elem or bpf_map_lookup_percpu_elem"));
        };
    }

    /** Whether a value is the context pointer as the program got it. */
    static boolean isContext(Value value) {
        return value instanceof Pointer p
                && p.region() instanceof Region.Context
                && p.offset() == 0
                && p.variable().isConstant()
                && p.variable().value() == 0;
    }

    private Optional<Violation> map(HelperPrototype prototype, int register, Value value) {
        var number = Arguments.map(value);
        if (number.isEmpty()) {
            return value instanceof Pointer p && p.nullable() && p.region() instanceof Region.MapObject
                    ? mayBeNull(register, value, "a map that is not null")
                            .map(v -> with(Text.argument(prototype, register - 1), v))
                    : wrong(prototype, register, value, "a map, for example &flows");
        }
        var map = program.maps().get(number.get());
        if (isOfMaps(map) && map.inner().isEmpty()) {
            return Optional.of(new Violation(
                    text.map(number.get()) + " does not say what its inner maps look like",
                    "its type is " + map.type(),
                    "a declaration of the inner maps",
                    "add __array(values, struct { ... }) to the map"));
        }
        if (!MapRules.accepts(prototype.name(), map.type())) {
            return Optional.of(new Violation(
                    Text.name(prototype) + " cannot work on " + text.map(number.get()),
                    "its type is " + map.type(),
                    "a map of type "
                            + MapRules.types(prototype.name()).stream()
                                    .map(MapType::name)
                                    .collect(Collectors.joining(" or ")),
                    ""));
        }
        if (!MapRules.isWritable(map) && !MapRules.readsOnly(prototype.name())) {
            return Optional.of(new Violation(
                    text.map(number.get()) + " is read-only",
                    Text.name(prototype) + " changes it",
                    "a map that codelets may change",
                    ""));
        }
        return none();
    }

    private static boolean isOfMaps(MapSpec map) {
        return map.type() == MapType.ARRAY_OF_MAPS || map.type() == MapType.HASH_OF_MAPS;
    }

    private Optional<Violation> mapValue(State state, HelperPrototype prototype, int index, AccessKind kind) {
        var map = Arguments.map(state, prototype, index);
        return map.isEmpty()
                ? none()
                : memory.block(state, index + 1, program.maps().get(map.get()).valueSize(), kind);
    }

    private Optional<Violation> sized(
            State state, HelperPrototype prototype, int register, AccessKind kind, boolean nullable) {
        if (!(state.register(register + 1) instanceof Number size)) {
            return wrong(prototype, register + 1, state.register(register + 1), "a size");
        }
        var range = size.scalar().wide();
        if (nullable && state.register(register) instanceof Number address && isZero(address)) {
            return isZero(size) ? none() : wrong(prototype, register + 1, size, "size 0 for a null pointer");
        }
        var bounds = size(prototype, register + 1, size, 0);
        return bounds.isPresent() ? bounds : memory.block(state, register, range.umax(), kind);
    }

    /** The size before it was checked as an argument of its own. */
    private Optional<Violation> source(State state, int register) {
        return state.register(register - 1) instanceof Number size
                ? memory.block(state, register, size.scalar().wide().umax(), AccessKind.READ)
                : none();
    }

    private static boolean isZero(Number number) {
        return number.scalar().isConstant() && number.scalar().value() == 0;
    }

    private Optional<Violation> size(HelperPrototype prototype, int register, Value value, long least) {
        if (!(value instanceof Number size)) {
            return wrong(prototype, register, value, "a size");
        }
        var range = size.scalar().wide();
        if (range.umin() < least || Long.compareUnsigned(range.umax(), MAX_SIZE) > 0) {
            return Optional.of(new Violation(
                    Text.argument(prototype, register - 1) + " is not bounded",
                    text.is(register, size),
                    "at least " + least + ", at most the memory's size",
                    "compare the size with its limits first, for example: if (size > sizeof(buffer)) return 0;"));
        }
        return none();
    }

    private Optional<Violation> reservationSize(State state, HelperPrototype prototype, int index, Value value) {
        var map = Arguments.map(state, prototype, index);
        if (!(value instanceof Number size) || !size.scalar().isConstant()) {
            return wrong(prototype, index + 1, value, "a constant size");
        }
        long bytes = size.scalar().value();
        if (map.isPresent()
                && (bytes <= 0 || bytes > program.maps().get(map.get()).maxEntries())) {
            return Optional.of(new Violation(
                    "a reservation of " + bytes + " bytes in " + text.map(map.get()),
                    "the ring holds " + program.maps().get(map.get()).maxEntries() + " bytes",
                    "a size from 1 to what the ring holds",
                    ""));
        }
        return none();
    }

    private Optional<Violation> reservation(State state, HelperPrototype prototype, int register, Value value) {
        if (!(value instanceof Pointer p) || !(p.region() instanceof Region.RingRecord)) {
            return wrong(prototype, register, value, "a reserved record");
        }
        if (p.nullable()) {
            return mayBeNull(register, value, "a reserved record");
        }
        if (p.offset() != 0 || !p.variable().isConstant() || p.variable().value() != 0 || !state.holds(p.id())) {
            return wrong(prototype, register, value, "the start of a record that is still reserved");
        }
        return none();
    }

    private Optional<Violation> mayBeNull(int register, Value value, String needed) {
        return Optional.of(new Violation(
                Text.register(register) + " may be null",
                text.is(register, value),
                needed,
                "check the result for NULL before use"));
    }

    private Optional<Violation> constantString(HelperPrototype prototype, int register, Value value) {
        if (value instanceof Pointer p
                && p.region() instanceof Region.MapValue region
                && !p.nullable()
                && program.maps().get(region.map()).frozen()
                && Extent.of(p, 0).isExact()
                && terminated(
                        program.maps().get(region.map()).initial(),
                        Extent.of(p, 0).least())) {
            return none();
        }
        return wrong(prototype, register, value, "a string constant in read-only data");
    }

    private static boolean terminated(byte[] content, long from) {
        for (long at = Math.max(0, from); from >= 0 && at < content.length; at++) {
            if (content[(int) at] == 0) {
                return true;
            }
        }
        return false;
    }

    private Optional<Violation> wrong(HelperPrototype prototype, int register, Value value, String needed) {
        return wrong(text, prototype, register, value, needed);
    }

    /** An argument is not what it must be. */
    static Optional<Violation> wrong(Text text, HelperPrototype prototype, int register, Value value, String needed) {
        return Optional.of(new Violation(
                Text.argument(prototype, register - 1) + " is wrong",
                text.is(register, value),
                needed,
                value instanceof Value.Uninitialised ? Text.SET_EVERYWHERE : ""));
    }

    private static Optional<Violation> none() {
        return Optional.empty();
    }
}

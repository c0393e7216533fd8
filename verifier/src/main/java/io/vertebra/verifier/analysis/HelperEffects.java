package io.vertebra.verifier.analysis;

import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.program.Program;

/** What a helper call does to a state: memory read and filled, records released and reserved, the result. */
final class HelperEffects {

    private final Program program;
    private final Ids ids;

    HelperEffects(Program program, Ids ids) {
        this.program = program;
        this.ids = ids;
    }

    void apply(State state, HelperPrototype prototype) {
        var result = result(state, prototype);
        for (int index = 0; index < prototype.arguments().size(); index++) {
            argument(state, prototype, index);
        }
        state.forgetArguments();
        state.set(0, result);
        if (result instanceof Pointer p && p.region() instanceof Region.RingRecord record) {
            state.reserve(p.id(), record.map());
        }
    }

    private void argument(State state, HelperPrototype prototype, int index) {
        switch (prototype.arguments().get(index)) {
            case MAP_KEY ->
                Arguments.map(state, prototype, index)
                        .ifPresent(m -> read(state, index, program.maps().get(m).keySize()));
            case MAP_VALUE ->
                Arguments.map(state, prototype, index)
                        .ifPresent(m -> read(state, index, program.maps().get(m).valueSize()));
            case UNINIT_MAP_VALUE ->
                Arguments.map(state, prototype, index).ifPresent(m -> {
                    long size = program.maps().get(m).valueSize();
                    fill(state, index, size, size);
                });
            case READABLE, READABLE_OR_NULL ->
                read(state, index, size(state, index + 1).wide().umax());
            case SOURCE -> read(state, index, size(state, index - 1).wide().umax());
            case WRITABLE_LONG -> fill(state, index, Long.BYTES, Long.BYTES);
            case WRITABLE -> {
                var size = size(state, index + 1).wide();
                fill(state, index, size.umin(), size.umax());
            }
            case RESERVATION -> {
                int id = ((Pointer) state.register(index + 1)).id();
                state.forgetPointer(id);
                state.release(id);
            }
            case SCALAR,
                    MAP,
                    SIZE,
                    SIZE_OR_ZERO,
                    RESERVATION_SIZE,
                    CONTEXT,
                    CALLBACK,
                    CALLBACK_STATE,
                    CONST_STRING,
                    SPIN_LOCK,
                    TIMER,
                    TIMER_MAP,
                    VALUE_MEMORY,
                    UNINIT_DYNPTR,
                    UNINIT_RESERVED_DYNPTR,
                    DYNPTR,
                    RESERVED_DYNPTR,
                    SLICE_SIZE,
                    PER_CPU_VARIABLE -> {}
        }
    }

    private static Scalar size(State state, int index) {
        return state.register(index + 1) instanceof Number n ? n.scalar() : Scalar.ZERO;
    }

    private static void read(State state, int index, long bytes) {
        if (state.register(index + 1) instanceof Pointer p && p.region() instanceof Region.Stack) {
            StackMemory.readBlock(state, p, bytes);
        }
    }

    private static void fill(State state, int index, long surely, long perhaps) {
        if (state.register(index + 1) instanceof Pointer p && p.region() instanceof Region.Stack) {
            StackMemory.fillBlock(state, p, surely, perhaps);
        }
    }

    private Value result(State state, HelperPrototype prototype) {
        return switch (prototype.result()) {
            case SCALAR -> Value.number(Scalar.UNKNOWN);
            case LEAVES, VOID, SLICE_OR_NULL -> Value.UNINITIALISED;
            case MAP_VALUE_OR_NULL -> maybe(found(map(state, prototype)));
            case RESERVATION_OR_NULL -> {
                int size = prototype.arguments().indexOf(Argument.RESERVATION_SIZE);
                yield maybe(new Region.RingRecord(
                        map(state, prototype), size(state, size).value()));
            }
        };
    }

    /** What a lookup in a map leads to. */
    private Region found(int map) {
        var inner = InnerMaps.innerOf(program.maps(), map);
        return inner.isPresent() ? new Region.MapObject(inner.getAsInt()) : new Region.MapValue(map);
    }

    private static int map(State state, HelperPrototype prototype) {
        return Arguments.map(state, prototype, prototype.arguments().size()).orElseThrow();
    }

    private Pointer maybe(Region region) {
        return new Pointer(region, 0, Scalar.ZERO, ids.next(), 0, true);
    }
}

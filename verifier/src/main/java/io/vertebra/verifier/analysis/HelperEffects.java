package io.vertebra.verifier.analysis;

import io.vertebra.verifier.cfg.InnerMaps;
import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.helper.Dynptr.Kind;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.program.Program;
import java.util.Optional;

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
            state.reserve(p.id(), record.map(), /* dynptr= */ false);
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
            case SPIN_LOCK -> state.lock(state.lock().isPresent() ? Optional.empty() : Optional.of(lock(state, index)));
            case UNINIT_DYNPTR -> {
                var region = (Region.MapValue)
                        pointer(state, prototype, Argument.VALUE_MEMORY).region();
                make(state, index, Kind.LOCAL, region.map(), ids.next());
            }
            case UNINIT_RESERVED_DYNPTR -> {
                int id = ids.next();
                make(state, index, Kind.RESERVED, map(state, prototype), id);
                // Also when there was no room: a dynptr without memory has to be released too.
                state.reserve(id, map(state, prototype), /* dynptr= */ true);
            }
            case DYNPTR -> read(state, index, StackMemory.DYNPTR_BYTES);
            case RESERVED_DYNPTR -> {
                read(state, index, StackMemory.DYNPTR_BYTES);
                var place = (Pointer) state.register(index + 1);
                int id = StackMemory.dynptr(state, place).orElseThrow().id();
                StackMemory.endDynptr(state, place);
                state.release(id);
                state.forgetSlices(id);
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
                    TIMER,
                    TIMER_MAP,
                    VALUE_MEMORY,
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
            case SCALAR, LEAVES -> Value.number(Scalar.UNKNOWN);
            case VOID -> Value.UNINITIALISED;
            case SLICE_OR_NULL -> maybe(slice(state, prototype));
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

    private static State.Lock lock(State state, int index) {
        return OpaqueChecker.heldAfter((Pointer) state.register(index + 1));
    }

    private static Pointer pointer(State state, HelperPrototype prototype, Argument kind) {
        return (Pointer) state.register(prototype.arguments().indexOf(kind) + 1);
    }

    private static void make(State state, int index, Kind kind, int map, int id) {
        var place = (Pointer) state.register(index + 1);
        StackMemory.makeDynptr(state, place, new Value.Dynptr(kind, map, id, /* first= */ true));
    }

    /** The memory of a value outlives the run, so that nothing ends a slice of it. */
    private static Region slice(State state, HelperPrototype prototype) {
        var from = pointer(state, prototype, Argument.DYNPTR);
        long size =
                size(state, prototype.arguments().indexOf(Argument.SLICE_SIZE)).value();
        if (from.region() instanceof Region.SampleDynptr sample) {
            return new Region.Slice(Kind.SAMPLE, sample.map(), from.id(), size);
        }
        var dynptr = StackMemory.dynptr(state, from).orElseThrow();
        return new Region.Slice(dynptr.kind(), dynptr.map(), dynptr.kind() == Kind.RESERVED ? dynptr.id() : 0, size);
    }

    private static int map(State state, HelperPrototype prototype) {
        return Arguments.map(state, prototype, prototype.arguments().size()).orElseThrow();
    }

    private Pointer maybe(Region region) {
        return new Pointer(region, 0, Scalar.ZERO, ids.next(), 0, true);
    }
}

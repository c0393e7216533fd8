package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.Scalar;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.FunctionReference;
import io.vertebra.verifier.domain.Value.Number;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.helper.Callback;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import io.vertebra.vm.map.BpfUserRingBuffer;
import io.vertebra.vm.program.Program;
import java.util.List;

/**
 * One call of a helper that calls back, read from the state before it: which function it calls, with what, and how often.
 *
 * @param prototype the helper
 * @param callback how it calls
 * @param entry first slot of the function
 * @param times how often it calls at most
 * @param map the map that it got, -1 for none
 * @param handed what it hands to the function as {@link Callback.Parameter#STATE}
 */
record CallbackCall(HelperPrototype prototype, Callback callback, int entry, long times, int map, Value handed) {

    static CallbackCall of(Program program, State state, HelperPrototype prototype) {
        var callback = prototype.callback().orElseThrow();
        int map = Arguments.map(state, prototype, prototype.arguments().size()).orElse(-1);
        long times = switch (callback.times()) {
            case Callback.Counted counted -> counted(state, counted);
            case Callback.PerEntry _ -> program.maps().get(map).maxEntries();
            case Callback.PerSample _ ->
                BpfUserRingBuffer.mostSamples(program.maps().get(map));
            case Callback.AtMost most -> most.most();
            case Callback.Later _ -> 1;
        };
        int handed = prototype.arguments().indexOf(Argument.CALLBACK_STATE);
        return new CallbackCall(
                prototype,
                callback,
                entry(state, prototype),
                times,
                map,
                handed < 0 ? Value.UNINITIALISED : state.register(handed + 1));
    }

    /** The function that is named; only for a call whose arguments were checked. */
    private static int entry(State state, HelperPrototype prototype) {
        return ((FunctionReference) state.register(prototype.arguments().indexOf(Argument.CALLBACK) + 1)).slot();
    }

    private static long counted(State state, Callback.Counted counted) {
        var range = ((Number) state.register(counted.argument() + 1)).scalar().low();
        return range.umin() > counted.most() ? 0 : Math.min(range.umax(), counted.most());
    }

    boolean isLater() {
        return callback.times() instanceof Callback.Later;
    }

    /** What r1, r2 and so on hold in any of the calls: new ids, because each call may bring other objects. */
    List<Value> arguments(Ids ids) {
        return callback.parameters().stream()
                .map(parameter -> switch (parameter) {
                    case INDEX -> Value.number(Scalar.unsigned(0, Math.max(0, times - 1)));
                    case MAP -> new Value.MapReference(map);
                    case MAP_KEY -> object(new Region.MapKey(map), ids);
                    case MAP_VALUE -> object(new Region.MapValue(map), ids);
                    case SAMPLE -> object(new Region.SampleDynptr(map), ids);
                    case STATE -> handed;
                })
                .toList();
    }

    private static Value object(Region region, Ids ids) {
        return new Pointer(region, 0, Scalar.ZERO, ids.next(), 0, /* nullable= */ false);
    }
}

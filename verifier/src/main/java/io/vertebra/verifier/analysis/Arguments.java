package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.Region;
import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value;
import io.vertebra.verifier.domain.Value.MapReference;
import io.vertebra.verifier.domain.Value.Pointer;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import java.util.Optional;

/** How arguments of one call relate to each other. */
final class Arguments {

    private Arguments() {}

    /** The map that a value leads a helper to. */
    static Optional<Integer> map(Value value) {
        return switch (value) {
            case MapReference m -> Optional.of(m.map());
            case Pointer p
            when !p.nullable() && p.region() instanceof Region.MapObject object -> Optional.of(object.map());
            case Value.Uninitialised _, Value.Number _, Pointer _, Value.FunctionReference _, Value.Dynptr _ ->
                Optional.empty();
        };
    }

    /** The map that the nearest preceding map argument holds, or that has the timer there. */
    static Optional<Integer> map(State state, HelperPrototype prototype, int index) {
        for (int i = index - 1; i >= 0; i--) {
            if (prototype.arguments().get(i) == Argument.TIMER) {
                return state.register(i + 1) instanceof Pointer timer
                                && timer.region() instanceof Region.MapValue region
                        ? Optional.of(region.map())
                        : Optional.empty();
            }
            if (prototype.arguments().get(i) == Argument.MAP) {
                return map(state.register(i + 1));
            }
        }
        return Optional.empty();
    }
}

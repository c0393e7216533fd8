package io.vertebra.verifier.analysis;

import io.vertebra.verifier.domain.State;
import io.vertebra.verifier.domain.Value.MapReference;
import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.HelperPrototype.Argument;
import java.util.Optional;

/** How arguments of one call relate to each other. */
final class Arguments {

    private Arguments() {}

    /** The map that the nearest preceding map argument holds. */
    static Optional<Integer> map(State state, HelperPrototype prototype, int index) {
        for (int i = index - 1; i >= 0; i--) {
            if (prototype.arguments().get(i) == Argument.MAP) {
                return state.register(i + 1) instanceof MapReference reference
                        ? Optional.of(reference.map())
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }
}

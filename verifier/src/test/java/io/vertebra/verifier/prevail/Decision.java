package io.vertebra.verifier.prevail;

import io.vertebra.verifier.analysis.ExplorationListener;
import io.vertebra.vm.program.MapType;

/** What our verifier says of a case. */
sealed interface Decision {

    /** Safe from every state before. */
    record Accepted() implements Decision {}

    /** Not safe, or not seen to be. */
    record NotAccepted(String reason) implements Decision {}

    /** The case cannot be said in terms of our verifier. */
    record NotStated(String reason) implements Decision {}

    /** Decides a case: with the type of map that suits it, from every typing of its registers. */
    static Decision of(Case source) {
        try {
            return Maps.types(source.namesMaps()).stream()
                    .map(type -> of(source, type))
                    .reduce((a, b) -> b instanceof Accepted ? b : a)
                    .orElseThrow();
        } catch (NotStatedException e) {
            return new NotStated(e.getMessage());
        }
    }

    private static Decision of(Case source, MapType type) {
        return Stated.all(source, type).stream()
                .flatMap(s -> s.reasonAgainst(ExplorationListener.NONE).stream())
                .<Decision>map(NotAccepted::new)
                .findFirst()
                .orElseGet(Accepted::new);
    }
}

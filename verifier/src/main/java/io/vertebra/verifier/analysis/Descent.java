package io.vertebra.verifier.analysis;

import io.vertebra.verifier.analysis.Replay.Origin;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Which values were computed from some of a set. Each value is looked at once, whatever is asked, and without recursion:
 * values of a long path are made of each other many times over.
 */
final class Descent {

    private final IdentityHashMap<Origin, Boolean> known = new IdentityHashMap<>();

    /**
     * The descent from some values.
     *
     * @param sources compared by identity
     */
    Descent(Set<Origin> sources) {
        sources.forEach(s -> known.put(s, true));
    }

    /** Whether a value, null for none, is one of the set or was computed from one. */
    boolean comesFromSource(Origin origin) {
        var open = new ArrayDeque<Origin>();
        if (origin != null) {
            open.push(origin);
        }
        while (!open.isEmpty()) {
            var next = open.peek();
            var unknown =
                    next.operands().stream().filter(o -> !known.containsKey(o)).findFirst();
            if (known.containsKey(next)) {
                open.pop();
            } else if (unknown.isPresent()) {
                open.push(unknown.get());
            } else {
                known.put(next, next.operands().stream().anyMatch(known::get));
                open.pop();
            }
        }
        return origin != null && known.get(origin);
    }
}

package io.vertebra.runtime.codelet;

import io.vertebra.runtime.limit.DetachReason;
import java.time.Instant;

/** Where one codelet of a set is: with its set, or no more. */
public sealed interface CodeletState {

    /** The word for it in messages and listings. */
    default String label() {
        return switch (this) {
            case Attached _ -> "attached";
            case Detached _ -> "detached";
        };
    }

    /** Its hook leads to it whenever the set is attached. */
    record Attached() implements CodeletState {}

    /**
     * A limit of the set has taken it off its hook; the set's other codelets go on. It comes back when the set is replaced,
     * or disabled and enabled again.
     */
    record Detached(Instant since, DetachReason reason) implements CodeletState {}
}

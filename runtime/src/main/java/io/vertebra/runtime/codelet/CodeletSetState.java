package io.vertebra.runtime.codelet;

import java.time.Instant;

/** Where a codelet set is in its life. A set that was refused has no state: the {@link LoadException} says why. */
public sealed interface CodeletSetState {

    /** The word for it in messages and listings. */
    default String label() {
        return switch (this) {
            case Attached _ -> "attached";
            case Replacing _ -> "replacing";
            case Disabled _ -> "disabled";
            case Draining _ -> "draining";
            case Unloaded _ -> "unloaded";
        };
    }

    /** Its hooks lead to its codelets. */
    record Attached(Instant since) implements CodeletSetState {}

    /** Its hooks lead to a new version of it; runs and events of the old one are being drained. */
    record Replacing(Instant since) implements CodeletSetState {}

    /** Its hooks have let go until it is enabled again; its maps stay. Events that were queued before still run. */
    record Disabled(Instant since) implements CodeletSetState {}

    /** Its hooks have let go; runs may be under way, and events and records are being drained. */
    record Draining(Instant since) implements CodeletSetState {}

    /** The end. */
    record Unloaded(Instant since) implements CodeletSetState {}
}

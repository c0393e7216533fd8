package io.vertebra.runtime.codelet;

import java.time.Instant;

/** Where a codelet set is in its life. A set that was refused has no state: the {@link LoadException} says why. */
public sealed interface CodeletSetState {

    /** Its hooks lead to its codelets. */
    record Attached(Instant since) implements CodeletSetState {}

    /** Its hooks have let go; runs may be under way, and events and records are being drained. */
    record Draining(Instant since) implements CodeletSetState {}

    /** The end. */
    record Unloaded(Instant since) implements CodeletSetState {}
}

package io.vertebra.verifier.platform;

import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.program.ContextLayout;
import java.util.Optional;

/** What a program may rely on where it will run: its context, the helpers, and the limits. Implementations are immutable. */
public interface Platform {

    /** The struct that r1 points to. */
    ContextLayout context();

    /** The helper with an id, if programs of this kind may call it. */
    Optional<HelperPrototype> helper(int id);

    /** The C name of a helper that is not available, where programs of this kind may know it from; for messages. */
    default Optional<String> unavailable(int id) {
        return Optional.empty();
    }

    /** Most instructions that one run may execute. */
    long maxSteps();

    /** Whether a program may store into its payload. */
    boolean payloadWritable();
}

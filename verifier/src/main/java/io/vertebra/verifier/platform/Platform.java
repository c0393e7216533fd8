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

    /** Most instructions that one run may execute. */
    long maxSteps();

    /** Whether a program may store into its payload. */
    boolean payloadWritable();

    /** Most bytes that a payload has: what bounds loops over it. It is one segment, with an {@code int} length. */
    default long payloadMax() {
        return Integer.MAX_VALUE;
    }
}

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

    /** Whether r2 holds the size of the context when a program begins; otherwise nothing that may be read. */
    default boolean passesContextSize() {
        return false;
    }

    /** Whether a program may store numbers into the fields of its context, except for the payload's addresses. */
    default boolean contextWritable() {
        return false;
    }

    /** Whether a program may load from its payload by offset alone (RFC 9669 section 5.5), with r6 as the context. */
    default boolean legacyPacketAccess() {
        return false;
    }

    /** Whether a divisor may be 0: a quotient is 0 then, a remainder is the dividend (RFC 9669 section 4.1). */
    default boolean divisionByZeroAllowed() {
        return true;
    }

    /** Most bytes that a payload has: what bounds loops over it. It is one segment, with an {@code int} length. */
    default long payloadMax() {
        return Integer.MAX_VALUE;
    }
}

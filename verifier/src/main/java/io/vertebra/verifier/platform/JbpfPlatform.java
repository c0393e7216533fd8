package io.vertebra.verifier.platform;

import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.program.ContextLayout;
import java.util.Map;
import java.util.Optional;

/**
 * The platform of jbpf's ABI: a program gets its context in r1 and the context's size in r2, may change the payload
 * between {@code data} and {@code data_end}, and gives a number.
 *
 * @param type the program's
 * @param helpers the helpers by id
 * @param maxSteps most instructions that one run may execute
 * @param payloadWritable whether a program may store into its payload: jbpf's hooks allow it
 */
public record JbpfPlatform(
        JbpfProgramType type, Map<Integer, HelperPrototype> helpers, long maxSteps, boolean payloadWritable)
        implements Platform {

    /** Makes the map immutable. */
    public JbpfPlatform {
        helpers = Map.copyOf(helpers);
    }

    /** The platform of programs of a type, with all helpers that there are. */
    public JbpfPlatform(JbpfProgramType type, JbpfTypes types) {
        this(type, types.allHelpers(), NativePlatform.QUEUED_STEPS, true);
    }

    @Override
    public ContextLayout context() {
        return type.context();
    }

    @Override
    public Optional<HelperPrototype> helper(int id) {
        return Optional.ofNullable(helpers.get(id));
    }

    @Override
    public boolean passesContextSize() {
        return true;
    }
}

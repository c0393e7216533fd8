package io.vertebra.verifier.platform;

import io.vertebra.vm.helper.HelperPrototype;
import io.vertebra.vm.helper.LinuxHelperNames;
import io.vertebra.vm.program.ContextLayout;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The platform of the native ABI: a hook's context and the helpers of the runtime.
 *
 * @param context the struct that r1 points to
 * @param helpers the helpers by id
 * @param maxSteps most instructions that one run may execute
 * @param payloadWritable whether the hook lets codelets change the payload
 * @param payloadMax most bytes that a payload has
 */
public record NativePlatform(
        ContextLayout context,
        Map<Integer, HelperPrototype> helpers,
        long maxSteps,
        boolean payloadWritable,
        long payloadMax)
        implements Platform {

    /** Default of {@code max_steps} for attachments that run in the calling thread. */
    public static final long INLINE_STEPS = 65_536;

    /** Default of {@code max_steps} for attachments that run on a core. */
    public static final long QUEUED_STEPS = 1_048_576;

    /** Makes the map immutable. */
    public NativePlatform {
        helpers = Map.copyOf(helpers);
    }

    /** A platform whose payload may be of any size. */
    public NativePlatform(
            ContextLayout context, Map<Integer, HelperPrototype> helpers, long maxSteps, boolean payloadWritable) {
        this(context, helpers, maxSteps, payloadWritable, Integer.MAX_VALUE);
    }

    /** This platform with payloads of at most so many bytes. */
    public NativePlatform withPayloadMax(long bytes) {
        return new NativePlatform(context, helpers, maxSteps, payloadWritable, bytes);
    }

    /** A platform whose payload is read-only. */
    public NativePlatform(ContextLayout context, Collection<HelperPrototype> helpers, long maxSteps) {
        this(
                context,
                helpers.stream().collect(Collectors.toMap(HelperPrototype::id, Function.identity())),
                maxSteps,
                false);
    }

    @Override
    public Optional<HelperPrototype> helper(int id) {
        return Optional.ofNullable(helpers.get(id));
    }

    /** Numbers mean what they mean to Linux when the first helper is Linux's. */
    @Override
    public Optional<String> unavailable(int id) {
        return helper(1).map(HelperPrototype::name).equals(LinuxHelperNames.of(1))
                ? LinuxHelperNames.of(id).map(name -> "bpf_" + name)
                : Optional.empty();
    }
}

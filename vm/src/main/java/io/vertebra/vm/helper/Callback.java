package io.vertebra.vm.helper;

import java.util.List;

/**
 * How a helper calls the function that its {@link HelperPrototype.Argument#CALLBACK} names: a verifier needs no more to
 * prove the function, an executor no more to compile it.
 *
 * @param parameters what the function's r1, r2 and so on hold, at most five
 * @param times how often it is called
 * @param greatestResult the greatest r0 that it may return; the least is 0
 */
public record Callback(List<Parameter> parameters, Times times, int greatestResult) {

    /** Makes the list immutable. */
    public Callback {
        parameters = List.copyOf(parameters);
    }

    /** What one argument of the function holds. */
    public enum Parameter {
        /** The number of the call, from 0. */
        INDEX,
        /** The map that the helper got, or that has the timer it got. */
        MAP,
        /** A pointer to read-only memory with a key of that map, valid until the function returns. */
        MAP_KEY,
        /** A pointer to a value of that map, not null. */
        MAP_VALUE,
        /** The dynptr of a sample of that user ring buffer, valid until the function returns. */
        SAMPLE,
        /** What the helper got as {@link HelperPrototype.Argument#CALLBACK_STATE}. */
        STATE
    }

    /** How often the function is called, 0 times included; it ends the calls earlier when it returns other than 0. */
    public sealed interface Times {}

    /** As often as the lower 32 bits of an argument say, and not at all when they say more than {@code most}. */
    public record Counted(int argument, long most) implements Times {}

    /** At most once for each entry that the map may hold. */
    public record PerEntry() implements Times {}

    /** At most once for each sample that the user ring buffer may hold. */
    public record PerSample() implements Times {}

    /** At most so often. */
    public record AtMost(long most) implements Times {}

    /** In runs of its own, any time after the helper returned: it sees no frame of the run that named it. */
    public record Later() implements Times {}
}

package io.vertebra.vm.exec;

import io.vertebra.vm.program.ContextLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The compiled code of a program that takes the fields of its context as parameters: nothing is marshalled, and HotSpot
 * inlines it into a caller that has the handle as a constant. Thread-safe.
 *
 * <p>The entry has the type {@code (RunContext, long..., P) long}: a {@code long} for each of {@link #fields}, then
 * the payload if {@link ContextLayout#hasPayload}, of the {@link PayloadType} that the code was compiled for; it may be null
 * where its size is 0. A scalar is given by its raw bits, zero-extended;
 * {@code data} as {@link Addresses#PAYLOAD} and {@code data_end} as that plus the payload's size. It gives r0, or what
 * a control run has set as its result. Faults are those of {@link Executable#run}.
 *
 * @param entry a direct method handle of a static method
 * @param usesRun whether the code needs a run, which the caller owns and has prepared as for {@link Executable#run}, but
 *     for the context; otherwise the first argument may be null
 * @param onWords the same code for who has the context in words; empty for one with a payload
 */
public record DirectCode(MethodHandle entry, boolean usesRun, Optional<OnWords> onWords) {

    /** Runs the code on a context that lies in words, little-endian as codelets see it. Thread-safe. */
    @FunctionalInterface
    public interface OnWords {
        /**
         * Runs it once.
         *
         * @param run as for {@link DirectCode#entry}
         * @param at the index of the context's first word
         * @return r0
         */
        long run(RunContext run, long[] words, int at);
    }

    /** The most fields that a context may have: a method takes at most 255 words. */
    public static final int MOST_FIELDS = 60;

    /** What the payload is that it takes, if it takes one. */
    public Optional<PayloadType> payload() {
        return Arrays.stream(PayloadType.values())
                .filter(payload -> entry.type().lastParameterType().equals(payload.type()))
                .findFirst();
    }

    /** The fields of a context that are parameters, in their order. */
    public static List<ContextLayout.Field> fields(ContextLayout layout) {
        return layout.fields().stream()
                .filter(f -> f.kind() != ContextLayout.Kind.STRING)
                .toList();
    }
}

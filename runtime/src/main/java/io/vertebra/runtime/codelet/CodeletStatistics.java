package io.vertebra.runtime.codelet;

import java.util.List;
import java.util.Optional;

/**
 * How often a codelet ran and how long it took.
 *
 * @param codeletSet the set
 * @param codelet the codelet's name
 * @param hook {@code group/name}
 * @param execution {@code queued} or {@code inline}
 * @param executor who executes it: {@code jit}, or {@code interpreter} when the descriptor says so or it cannot be compiled
 * @param runs runs that ended, normally or not
 * @param errors runs that faulted
 * @param payloadsCut queued runs that saw only the beginning of their payload
 * @param runTimes sampled run times: element k counts those in [2^k, 2^(k+1)) ns; one run in 1,024 is sampled
 * @param lastError the text of the latest fault
 */
public record CodeletStatistics(
        String codeletSet,
        String codelet,
        String hook,
        String execution,
        String executor,
        long runs,
        long errors,
        long payloadsCut,
        List<Long> runTimes,
        Optional<String> lastError) {

    /** Makes the list immutable. */
    public CodeletStatistics {
        runTimes = List.copyOf(runTimes);
    }
}

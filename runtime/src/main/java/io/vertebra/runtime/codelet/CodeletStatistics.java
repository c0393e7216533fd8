package io.vertebra.runtime.codelet;

import io.vertebra.runtime.account.RunTimes;
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
 * @param runTimes how long those runs took that were timed: one in 1,024; under the limit {@code run_ns_p99} one in 64 if it
 *     takes a slot or is queued
 * @param state whether a limit has detached it
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
        RunTimes runTimes,
        CodeletState state,
        Optional<String> lastError) {
    /** What all runs took, in nanoseconds, if the timed ones are like the others; 0 when none was timed. */
    public long totalNanos() {
        return runTimes.totalNanos(runs);
    }
}

package io.vertebra.runtime.report;

import io.vertebra.runtime.hook.Bounded;
import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.Payload;
import java.lang.invoke.MethodHandles;

/**
 * Statistics for native codelets: {@code struct vertebra_codelet_statistics} and {@code struct vertebra_hook_statistics} of
 * {@code vertebra.h}. The payload is the histogram of the timed runs, 64 words: word k counts those that took [2^k, 2^(k+1))
 * nanoseconds.
 */
@HookGroup("vertebra")
interface StatisticsHooks {
    StatisticsHooks HOOKS = Hooks.of(MethodHandles.lookup(), StatisticsHooks.class);

    /** What one codelet has done since the report before. */
    void codeletStatistics(
            @Payload byte[] runTimes,
            long periodNs,
            long runs,
            long errors,
            long dropped,
            long timedRuns,
            long timedNs,
            long longestNs,
            @Bounded(64) String codeletSet,
            @Bounded(64) String codelet,
            @Bounded(64) String hook);

    /** What the codelets of one hook have done together since the report before. */
    void hookStatistics(
            @Payload byte[] runTimes,
            long periodNs,
            long runs,
            long errors,
            long dropped,
            long timedRuns,
            long timedNs,
            long longestNs,
            @Bounded(64) String hook);
}

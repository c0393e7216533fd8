package io.vertebra.runtime.report;

import io.vertebra.runtime.hook.Hook;
import io.vertebra.runtime.hook.HookGroup;
import io.vertebra.runtime.hook.Hooks;
import io.vertebra.runtime.hook.JbpfContext;
import io.vertebra.runtime.hook.Payload;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/** The hooks that jbpf fires itself, with {@code struct jbpf_stats_ctx}. */
@HookGroup("")
interface JbpfReportHooks {
    JbpfReportHooks HOOKS = Hooks.of(MethodHandles.lookup(), JbpfReportHooks.class);

    /**
     * Statistics of all hooks.
     *
     * @param data {@code struct jbpf_perf_hook_list}: see {@link PerfHookList}
     * @param measPeriod microseconds that they are of
     */
    @Hook("report_stats")
    @JbpfContext
    void reportStats(@Payload MemorySegment data, int measPeriod);

    /**
     * The time has come.
     *
     * @param data nothing: {@code data} is {@code data_end}
     * @param measPeriod microseconds between two calls
     */
    @Hook("periodic_call")
    @JbpfContext
    void periodicCall(@Payload MemorySegment data, int measPeriod);
}

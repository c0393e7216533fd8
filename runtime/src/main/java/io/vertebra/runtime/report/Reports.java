package io.vertebra.runtime.report;

import io.vertebra.runtime.dispatch.Attachment;
import io.vertebra.runtime.dispatch.Dispatcher;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.hook.HookRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Fires the runtime's own hooks with what its codelets have done. */
public final class Reports {

    private static final String REPORT_STATS = "report_stats";
    private static final String PERIODIC_CALL = "periodic_call";
    private static final String CODELETS = "vertebra/codelet_statistics";
    private static final String HOOKS = "vertebra/hook_statistics";
    private static final Set<String> OWN = Set.of(REPORT_STATS, PERIODIC_CALL, CODELETS, HOOKS);

    private static final Duration REPORT = Duration.ofSeconds(1);
    private static final Duration CALL = Duration.ofMillis(10);

    private final Dispatcher dispatcher;
    private Map<Attachment, Figures> before;
    private long reported = System.nanoTime();

    /** Sees only what comes from now on. */
    private Reports(Dispatcher dispatcher) {
        this.dispatcher = dispatcher;
        this.before = read();
    }

    /** Makes a dispatcher fire the hooks while something is attached to them. */
    public static void of(Dispatcher dispatcher) {
        var jbpf = JbpfReportHooks.HOOKS;
        var own = StatisticsHooks.HOOKS; // initialised here, so that codelets find the hooks
        int callMicros = (int) TimeUnit.NANOSECONDS.toMicros(CALL.toNanos());
        dispatcher.whileAttached(PERIODIC_CALL, CALL, () -> () -> jbpf.periodicCall(null, callMicros));
        dispatcher.whileAttached(REPORT_STATS, REPORT, () -> {
            var list = new PerfHookList();
            return new Reports(dispatcher).each((reports, period) -> reports.toJbpf(jbpf, list, period));
        });
        dispatcher.whileAttached(
                CODELETS,
                REPORT,
                () -> new Reports(dispatcher).each((reports, period) -> reports.ofCodelets(own, period)));
        dispatcher.whileAttached(
                HOOKS, REPORT, () -> new Reports(dispatcher).each((reports, period) -> reports.ofHooks(own, period)));
    }

    /** Whether a hook is one of these: its codelets run in the timer's thread unless they say otherwise. */
    public static boolean owns(HookDescriptor hook) {
        return OWN.contains(hook.name());
    }

    private interface Report {
        void fire(Reports reports, long periodNanos);
    }

    private Runnable each(Report report) {
        return () -> {
            long now = System.nanoTime();
            long period = now - reported;
            reported = now;
            report.fire(this, period);
        };
    }

    private Map<Attachment, Figures> read() {
        Map<Attachment, Figures> figures = new LinkedHashMap<>();
        dispatcher.attachedAccounts().forEach((attachment, account) -> {
            figures.put(attachment, Figures.of(attachment, account));
        });
        return figures;
    }

    /** What each attached codelet has done since the last call. */
    private Map<Attachment, Figures> next() {
        var now = read();
        Map<Attachment, Figures> changes = new LinkedHashMap<>();
        now.forEach((attachment, figures) ->
                changes.put(attachment, figures.since(before.getOrDefault(attachment, Figures.NONE))));
        before = now;
        return changes;
    }

    private Map<String, Figures> nextByHook() {
        Map<String, Figures> hooks = new LinkedHashMap<>();
        next().forEach((attachment, figures) -> hooks.merge(attachment.hook().name(), figures, Figures::plus));
        return hooks;
    }

    private void toJbpf(JbpfReportHooks jbpf, PerfHookList list, long period) {
        var hooks = nextByHook();
        hooks.remove(REPORT_STATS);
        for (var hook : HookRegistry.hooks()) { // jbpf reports those without codelets too
            if (!hook.name().equals(REPORT_STATS)) {
                hooks.putIfAbsent(hook.name(), Figures.NONE);
            }
        }
        jbpf.reportStats(list.fill(hooks), (int) TimeUnit.NANOSECONDS.toMicros(period));
    }

    private void ofCodelets(StatisticsHooks hooks, long period) {
        next().forEach((attachment, figures) -> hooks.codeletStatistics(
                figures.histogram(),
                period,
                figures.runs(),
                figures.errors(),
                figures.dropped(),
                figures.times().samples(),
                figures.times().nanos(),
                figures.times().longest(),
                attachment.codeletSet(),
                attachment.codelet(),
                attachment.hook().name()));
    }

    private void ofHooks(StatisticsHooks hooks, long period) {
        nextByHook()
                .forEach((hook, figures) -> hooks.hookStatistics(
                        figures.histogram(),
                        period,
                        figures.runs(),
                        figures.errors(),
                        figures.dropped(),
                        figures.times().samples(),
                        figures.times().nanos(),
                        figures.times().longest(),
                        hook));
    }
}

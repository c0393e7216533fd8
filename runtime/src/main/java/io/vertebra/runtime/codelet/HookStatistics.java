package io.vertebra.runtime.codelet;

import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.account.RunTimes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How often the codelets of one hook ran and how long they took, all of them together. An event that reaches two codelets
 * is two runs.
 *
 * @param hook {@code group/name}
 * @param codelets codelets that are attached to it, or were until a limit detached them
 * @param runs runs that ended, normally or not
 * @param errors runs that faulted
 * @param runTimes how long single runs took
 * @param dropped events that a codelet never saw, by cause; causes with 0 are absent
 */
public record HookStatistics(
        String hook, int codelets, long runs, long errors, RunTimes runTimes, Map<DropCause, Long> dropped) {

    /** Makes the map immutable. */
    public HookStatistics {
        dropped = Map.copyOf(dropped);
    }

    /** Adds up by hook what is known of codelets. */
    static List<HookStatistics> of(List<CodeletStatistics> codelets, List<AttachmentAccount> accounts) {
        Map<String, HookStatistics> hooks = new LinkedHashMap<>();
        for (var codelet : codelets) {
            var one = new HookStatistics(
                    codelet.hook(), 1, codelet.runs(), codelet.errors(), codelet.runTimes(), Map.of());
            hooks.merge(codelet.hook(), one, HookStatistics::plus);
        }
        for (var account : accounts) {
            var drops = new HookStatistics(account.hook(), 0, 0, 0, RunTimes.NONE, account.dropped());
            hooks.computeIfPresent(account.hook(), (_, sum) -> sum.plus(drops));
        }
        return new ArrayList<>(hooks.values());
    }

    private HookStatistics plus(HookStatistics other) {
        var drops = new EnumMap<DropCause, Long>(DropCause.class);
        drops.putAll(dropped);
        other.dropped.forEach((cause, count) -> drops.merge(cause, count, Long::sum));
        return new HookStatistics(
                hook,
                codelets + other.codelets,
                runs + other.runs,
                errors + other.errors,
                runTimes.plus(other.runTimes),
                drops);
    }
}

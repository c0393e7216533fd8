package io.vertebra.cli.top;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.remote.ApiClient;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What codelets, or hooks, have counted at one moment.
 *
 * @param nanos when, on this process's clock
 * @param counters by name
 */
record TopSample(long nanos, Map<String, Counters> counters) {

    /**
     * Counters that only grow while a set stays loaded.
     *
     * @param hook where it is attached
     * @param state attached, or why not; {@code queued} or {@code inline} in front
     * @param samples timed runs
     * @param sampledNanos what they took together
     * @param dropped events that were never run
     */
    record Counters(String hook, String state, long runs, long errors, long samples, long sampledNanos, long dropped) {

        /** Without what is a single codelet's. */
        private Counters anonymous() {
            return new Counters(hook, "", runs, errors, samples, sampledNanos, dropped);
        }

        private Counters plus(Counters other) {
            return new Counters(
                    hook,
                    "",
                    runs + other.runs,
                    errors + other.errors,
                    samples + other.samples,
                    sampledNanos + other.sampledNanos,
                    dropped + other.dropped);
        }

        /** What has come since; all of it when the set was loaded anew meanwhile. */
        Counters since(Counters before) {
            return before == null || runs < before.runs || samples < before.samples
                    ? this
                    : new Counters(
                            hook,
                            state,
                            runs - before.runs,
                            errors - before.errors,
                            samples - before.samples,
                            sampledNanos - before.sampledNanos,
                            Math.max(0, dropped - before.dropped));
        }
    }

    /** What a running Vertebra's codelets have counted now, by {@code set/codelet}. */
    static TopSample take(ApiClient client) throws CommandException {
        var sets = client.list("codelet-sets" + own(client));
        var accounts = client.get("accounts").getJsonArray("attachments");
        long now = System.nanoTime();
        Map<String, Long> dropped = new HashMap<>();
        for (var element : accounts) {
            var account = (JsonObject) element;
            dropped.merge(
                    account.getString("codelet_set") + "/" + account.getString("codelet"),
                    account.getJsonObject("dropped").stream()
                            .mapToLong(cause -> ((Number) cause.getValue()).longValue())
                            .sum(),
                    Long::sum);
        }
        Map<String, Counters> counters = new LinkedHashMap<>();
        for (var set : sets) {
            for (var element : ((JsonObject) set).getJsonArray("codelets")) {
                var codelet = (JsonObject) element;
                var name = ((JsonObject) set).getString("name") + "/" + codelet.getString("name");
                var times = codelet.getJsonObject("run_times");
                counters.put(
                        name,
                        new Counters(
                                codelet.getString("hook"),
                                codelet.getString("execution") + " " + state((JsonObject) set, codelet),
                                codelet.getLong("runs"),
                                codelet.getLong("errors"),
                                times.getLong("samples"),
                                times.getLong("sampled_ns"),
                                dropped.getOrDefault(name, 0L)));
            }
        }
        return new TopSample(now, counters);
    }

    /** Accounts are those of the Vertebra that is asked, while a list without a member is its whole fleet's. */
    private static String own(ApiClient client) throws CommandException {
        return client.list("members").stream()
                .map(JsonObject.class::cast)
                .filter(member -> member.getBoolean("self"))
                .map(member -> "?member=" + ApiClient.encoded(member.getString("name")))
                .findFirst()
                .orElse("");
    }

    private static String state(JsonObject set, JsonObject codelet) {
        var detached = codelet.getJsonObject("detached");
        return detached == null ? set.getString("state") : "detached: " + detached.getString("reason");
    }

    /** The same by hook: what its codelets have counted together. */
    TopSample byHook() {
        Map<String, Counters> hooks = new LinkedHashMap<>();
        counters.values().forEach(counter -> hooks.merge(counter.hook(), counter.anonymous(), Counters::plus));
        return new TopSample(nanos, hooks);
    }

    /** What happened between an earlier sample and this one. */
    List<TopRow> since(TopSample before) {
        double seconds = Math.max(1, nanos - before.nanos) / 1e9;
        var rows = new ArrayList<TopRow>();
        counters.forEach((name, now) -> rows.add(TopRow.of(name, now, now.since(before.counters.get(name)), seconds)));
        return rows;
    }
}

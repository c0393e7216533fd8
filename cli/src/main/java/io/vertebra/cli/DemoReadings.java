package io.vertebra.cli;

import io.vertebra.connectors.metrics.TypedEntries;
import io.vertebra.examples.gateway.Route;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.verticles.Vertebra;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the demo's codelets know at one moment, read from their maps.
 *
 * @param requestsPerSecond requests of all routes over the last second
 * @param responsesPerSecond responses of all routes over the last second
 * @param responses responses of all routes since the start
 * @param drops events and records dropped since the start, for any cause
 * @param delays request delay in microseconds by route, since the start
 */
record DemoReadings(
        long requestsPerSecond, long responsesPerSecond, long responses, long drops, Map<Route, Log2Histogram> delays) {

    /** Nothing seen yet. */
    static DemoReadings none() {
        return new DemoReadings(0, 0, 0, 0, Map.of());
    }

    /** Reads the maps of the set {@code gateway}. */
    static DemoReadings of(Vertebra vertebra) {
        var lastSecond = vertebra.map("gateway/rates").entries().stream()
                .filter(entry -> number(entry.key(), "seconds") == 1)
                .toList();
        return new DemoReadings(
                sum(lastSecond, "requests_per_second"),
                sum(lastSecond, "responses_per_second"),
                sum(vertebra.map("gateway/traffic").entries(), "responses"),
                drops(vertebra),
                delays(vertebra.map("gateway/delay_us").entries()));
    }

    /** One route's delays. */
    Log2Histogram delay(Route route) {
        return delays.getOrDefault(route, Log2Histogram.empty());
    }

    private static Map<Route, Log2Histogram> delays(List<TypedEntries.Entry> entries) {
        var delays = new EnumMap<Route, Log2Histogram>(Route.class);
        for (var entry : entries) {
            var route = Route.values()[((Long) entry.key()).intValue()];
            var slots = (List<?>) ((Map<?, ?>) entry.value()).get("slots");
            delays.put(
                    route,
                    new Log2Histogram(slots.stream().map(Long.class::cast).toList()));
        }
        return delays;
    }

    private static long sum(List<TypedEntries.Entry> entries, String member) {
        return entries.stream()
                .mapToLong(entry -> number(entry.value(), member))
                .sum();
    }

    private static long number(Object struct, String member) {
        return (Long) ((Map<?, ?>) struct).get(member);
    }

    private static long drops(Vertebra vertebra) {
        return Stream.concat(
                        vertebra.accounts().stream().map(AttachmentAccount::dropped),
                        vertebra.outputAccounts().stream().map(OutputAccount::dropped))
                .flatMap(causes -> causes.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }
}

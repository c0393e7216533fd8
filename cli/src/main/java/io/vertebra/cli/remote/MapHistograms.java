package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.HistogramText;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The entries of a map as histograms, one for each key. Codelets keep them in three ways: an array of counts in each value
 * (alone, or the member {@code slots}), the slot as the key of a number, or as the last member of its key.
 *
 * @param name the map's
 * @param kind what slots count
 * @param counts by key, as text, empty for a map that is one histogram; those with the fewest values first
 */
record MapHistograms(String name, Slots kind, Map<String, List<Long>> counts) {

    /** More slots than any log2 histogram has; and what is read from a map cannot fill the memory. */
    private static final int MOST_SLOTS = 4_096;

    /**
     * Finds the histograms in entries.
     *
     * @throws CommandException when they are none
     */
    static MapHistograms of(String name, Slots kind, JsonArray entries) throws CommandException {
        Map<String, List<Long>> counts = new LinkedHashMap<>();
        for (var element : entries) {
            var entry = (JsonObject) element;
            var value = entry.getValue("value");
            var slots = value instanceof JsonObject object ? object.getValue("slots") : value;
            if (slots instanceof JsonArray array) {
                var list = new ArrayList<Long>();
                for (var count : array) {
                    list.add(number(name, count));
                }
                counts.put(key(entry.getValue("key"), false), list);
            } else {
                long slot = number(name, last(entry.getValue("key")));
                if (slot < 0 || slot >= MOST_SLOTS) {
                    throw new CommandException(
                            "map `" + name + "`: key " + slot + " is no slot, allowed are 0 to " + (MOST_SLOTS - 1));
                }
                var list = counts.computeIfAbsent(key(entry.getValue("key"), true), _ -> new ArrayList<>());
                while (list.size() <= slot) {
                    list.add(0L);
                }
                list.set((int) slot, number(name, slots));
            }
        }
        int most = counts.values().stream().mapToInt(List::size).max().orElse(0);
        if (most > kind.most()) {
            throw new CommandException("map `" + name + "`: " + most + " slots, these histograms have at most "
                    + kind.most() + "; say with --linear how wide slots are");
        }
        var sorted = new LinkedHashMap<String, List<Long>>();
        counts.entrySet().stream()
                .sorted(Comparator.comparingLong(e -> sum(e.getValue())))
                .forEach(e -> sorted.put(e.getKey(), e.getValue()));
        return new MapHistograms(name, kind, sorted);
    }

    /** The rows of all, with an empty line behind each. */
    String text() {
        return counts.entrySet().stream()
                .map(histogram -> HistogramText.of(
                                name + (histogram.getKey().isEmpty() ? "" : "[" + histogram.getKey() + "]"),
                                histogram.getValue(),
                                kind::label)
                        + "\n")
                .collect(Collectors.joining());
    }

    /** As bpftrace's {@code -f json} has it: {@code {"type": "hist", "data": {"@name": ...}}}, bounds inclusive. */
    JsonObject json() {
        var keyed = new JsonObject();
        counts.forEach((key, slots) -> keyed.put(key, json(slots)));
        return new JsonObject()
                .put("type", "hist")
                .put(
                        "data",
                        new JsonObject()
                                .put("@" + name, counts.keySet().equals(Set.of("")) ? keyed.getValue("") : keyed));
    }

    private JsonArray json(List<Long> slots) {
        var rows = new JsonArray();
        for (int k = 0; k < slots.size(); k++) {
            if (slots.get(k) > 0) {
                rows.add(kind.bounds(k).put("count", slots.get(k)));
            }
        }
        return rows;
    }

    private static long sum(List<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** A key in bpftrace's words: {@code a, b}, no braces. */
    private static String key(Object key, boolean withoutLast) {
        if (!(key instanceof JsonObject struct)) {
            return withoutLast ? "" : String.valueOf(key);
        }
        return struct.stream()
                .limit(struct.size() - (withoutLast ? 1 : 0))
                .map(member -> String.valueOf(member.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static Object last(Object key) {
        return key instanceof JsonObject struct
                ? struct.stream().map(Map.Entry::getValue).reduce(null, (_, b) -> b)
                : key;
    }

    /** A number, or the digits of a large one. */
    private static long number(String map, Object value) throws CommandException {
        if (value instanceof Number number) {
            return number.longValue();
        }
        if (value instanceof String digits && digits.matches("[0-9]{1,18}")) {
            return Long.parseLong(digits);
        }
        throw new CommandException("map `" + map + "`: " + value
                + " is no number; a histogram has arrays of counts as values, or counts under the number of"
                + " their slot");
    }
}

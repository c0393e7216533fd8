package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.Output;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code vertebra map dump}. */
@Command(
        name = "dump",
        description = {
            "Print the entries of a map, typed by BTF where its types are known, else their bytes.",
            "",
            "Values of a per-CPU map are summed.",
            "",
            "--histogram takes a number in each value as the count of a slot: of arrays each element; else the slot",
            "is the key, or its last member. Slots count what a histogram metric of the set declares for the map;",
            "else slot k counts [2^k, 2^(k+1)), or with --linear [MIN + k x STEP, MIN + (k+1) x STEP)."
        },
        footer = {
            "",
            "Examples:",
            "  vertebra map dump name delay_us",
            "  vertebra map dump name delay_us --watch -d 2   what has changed stands out",
            "  vertebra map dump name delay_us --histogram     as bpftrace prints it",
            "  vertebra map dump name sizes --histogram --linear 100:10",
            "  vertebra -j map dump id 4"
        })
final class MapDump extends RemoteCommand {

    private static final int MOST = 65_536;
    private static final int HEX_DIGITS = 2;

    @Parameters(arity = "1..*", paramLabel = "MAP", description = "`id N`, `name NAME` or `path SET/MAP`.")
    private List<String> words = List.of();

    @Mixin
    private Watch watch;

    @Option(names = "--histogram", description = "Print the map as histograms.")
    private boolean histogram;

    @Option(
            names = "--linear",
            paramLabel = "STEP[:MIN]",
            converter = Slots.Linear.Converter.class,
            description = "With --histogram: slots of this width, from MIN on; default: what a"
                    + " metric declares, else log2 slots.")
    private Slots.Linear linear;

    private Map<String, String> before = Map.of();

    @Override
    protected void run(ApiClient client) throws CommandException {
        var map = new MapWords(spec(), words, Set.of()).find(client);
        watch.each(spec(), () -> dump(client, map));
    }

    private void dump(ApiClient client, JsonObject map) throws CommandException {
        var dump = client.get(MapWords.entries(map) + "?limit=" + MOST);
        var entries = dump.getJsonArray("entries");
        if (histogram) {
            var slots = linear != null ? linear : Slots.declared(map.getJsonObject("buckets"));
            var histograms = MapHistograms.of(map.getString("name"), slots, entries);
            if (output().json()) {
                output().print(out(), histograms.json());
            } else {
                print(histograms.text());
            }
        } else if (output().json()) {
            var shaped = new JsonArray();
            entries.forEach(entry -> shaped.add(shaped((JsonObject) entry)));
            output().print(out(), shaped);
        } else {
            entries.forEach(entry -> highlighted((JsonObject) entry));
            print("Found " + entries.size() + (entries.size() == 1 ? " element\n" : " elements\n"));
            before = entries.stream()
                    .map(JsonObject.class::cast)
                    .collect(Collectors.toMap(entry -> entry.getString("key_hex"), MapDump::text));
        }
        if (dump.getInteger("truncated", 0) > 0) {
            throw new CommandException(
                    dump.getInteger("truncated") + " more elements are not shown, a dump has at most " + MOST);
        }
    }

    /** On a terminal that is watched, what has changed stands out. */
    private void highlighted(JsonObject entry) {
        var text = text(entry);
        boolean changed = !before.isEmpty() && !text.equals(before.get(entry.getString("key_hex")));
        if (changed && output().terminal().out()) {
            out().print("\033[7m" + Output.printable(text.strip()) + "\033[0m\n");
        } else {
            print(text);
        }
    }

    /** {@code {"key": ["0x00", ...], "value": [...], "formatted": {"key", "value"}}}. */
    private static JsonObject shaped(JsonObject entry) {
        var shaped = new JsonObject().put("key", bytes(entry.getString("key_hex")));
        if (entry.containsKey("value_hex")) {
            shaped.put("value", bytes(entry.getString("value_hex")));
        }
        return shaped.put(
                "formatted", new JsonObject().put("key", entry.getValue("key")).put("value", entry.getValue("value")));
    }

    private static JsonArray bytes(String hex) {
        var bytes = new JsonArray();
        for (int i = 0; i < hex.length(); i += HEX_DIGITS) {
            bytes.add("0x" + hex.substring(i, i + HEX_DIGITS));
        }
        return bytes;
    }

    private static String text(JsonObject entry) {
        return "key: " + text(entry.getValue("key")) + "  value: " + text(entry.getValue("value")) + "\n";
    }

    private static String text(Object value) {
        return value instanceof JsonObject object && object.size() == 1 && object.getValue("hex") instanceof String hex
                ? hex.replaceAll("(..)(?=.)", "$1 ")
                : Json.encode(value);
    }
}

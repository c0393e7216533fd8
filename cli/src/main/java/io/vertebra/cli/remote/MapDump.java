package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code vertebra map dump}. */
@Command(
        name = "dump",
        description = {
            "Print the entries of a map, typed by BTF where its types are known, else their bytes.",
            "",
            "Values of a per-CPU map are summed."
        },
        footer = {"", "Examples:", "  vertebra map dump name delay_us", "  vertebra -j map dump id 4"})
final class MapDump extends RemoteCommand {

    private static final int MOST = 65_536;
    private static final int HEX_DIGITS = 2;

    @Parameters(arity = "1..*", paramLabel = "MAP", description = "`id N`, `name NAME` or `path SET/MAP`.")
    private List<String> words = List.of();

    @Override
    void run(ApiClient client) throws CommandException {
        var map = new MapWords(spec(), words, Set.of()).find(client);
        var dump = client.get(MapWords.entries(map) + "?limit=" + MOST);
        var entries = dump.getJsonArray("entries");
        if (output().json()) {
            var shaped = new JsonArray();
            entries.forEach(entry -> shaped.add(shaped((JsonObject) entry)));
            output().print(out(), shaped);
        } else {
            entries.forEach(entry -> print(text((JsonObject) entry)));
            print("Found " + entries.size() + (entries.size() == 1 ? " element\n" : " elements\n"));
        }
        if (dump.getInteger("truncated", 0) > 0) {
            throw new CommandException(
                    dump.getInteger("truncated") + " more elements are not shown, a dump has at most " + MOST);
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

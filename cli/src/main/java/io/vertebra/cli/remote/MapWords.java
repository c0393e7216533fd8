package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.cli.option.HexBytes;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The words after {@code map dump}, {@code update} and {@code push}, in bpftool's grammar: which map, then {@code key DATA},
 * {@code value DATA}, flags. DATA is JSON, text, or {@code hex} and bytes.
 */
final class MapWords {

    private static final Set<String> FLAGS = Set.of("any", "noexist", "exist");
    private static final Set<String> KEYWORDS = Set.of("id", "name", "path");

    private final CommandSpec command;
    private final Reference map;
    private final Map<String, Object> data = new HashMap<>();
    private String flags = "any";

    /**
     * Reads all words.
     *
     * @throws ParameterException when they make no sense
     */
    MapWords(CommandSpec command, List<String> words, Set<String> allowed) {
        this.command = command;
        var rest = new ArrayDeque<>(words);
        map = reference(rest);
        while (!rest.isEmpty()) {
            var word = rest.removeFirst();
            if (allowed.contains(word) && !word.equals("flags")) {
                data.put(word, data(word, rest));
            } else if (allowed.contains("flags") && FLAGS.contains(word)) {
                flags = word;
            } else {
                throw refused("word `" + word + "`: allowed are " + allowed);
            }
        }
        for (var word : allowed) {
            if (!word.equals("flags") && !data.containsKey(word)) {
                throw refused("`" + word + "` is missing");
            }
        }
    }

    private Reference reference(Deque<String> words) {
        if (words.size() == 1 && words.getFirst().indexOf('/') > 0) {
            return new Reference("path", words.removeFirst());
        }
        if (words.size() < 2 || !KEYWORDS.contains(words.getFirst())) {
            throw refused("no map named: allowed are `id N`, `name NAME` and `path SET/MAP`");
        }
        return new Reference(words.removeFirst(), words.removeFirst());
    }

    private Object data(String name, Deque<String> words) {
        if (words.isEmpty()) {
            throw refused("`" + name + "` is the last word, needed is its data");
        }
        var word = words.removeFirst();
        if (word.equals("hex")) {
            var bytes = new ArrayList<String>();
            while (!words.isEmpty() && words.getFirst().matches("(0[xX])?[0-9a-fA-F]{2}([0-9a-fA-F]{2})*")) {
                bytes.add(words.removeFirst().replaceFirst("^0[xX]", ""));
            }
            return new JsonObject().put("hex", HexFormat.of().formatHex(HexBytes.parse(String.join("", bytes))));
        }
        try {
            return Json.decodeValue(word);
        } catch (DecodeException _) {
            return word; // an enumerator's name, a string
        }
    }

    /**
     * The map that is meant.
     *
     * @throws CommandException when none is, or more than one
     */
    JsonObject find(ApiClient client) throws CommandException {
        var found = map.choose("map", client.list("maps"));
        if (found.size() > 1) {
            var paths =
                    found.stream().map(m -> ((JsonObject) m).getString("path")).toList();
            throw new CommandException(
                    map.keyword() + " `" + map.value() + "`: several maps have it, name one by its path: " + paths);
        }
        return found.getJsonObject(0);
    }

    /** Key, value and flags as the API takes them. */
    JsonObject body() {
        var body = new JsonObject();
        data.forEach(body::put);
        return data.containsKey("key") ? body.put("flags", flags) : body;
    }

    /** Where a map's entries are. */
    static String entries(JsonObject map) {
        return "maps/" + map.getString("path") + "/entries";
    }

    private ParameterException refused(String why) {
        return new ParameterException(command.commandLine(), why);
    }
}

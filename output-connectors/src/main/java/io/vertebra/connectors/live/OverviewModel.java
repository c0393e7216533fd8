package io.vertebra.connectors.live;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The overview: members that are arrays of objects are sections, whose rows get an {@code id}; the others are values, and so
 * are arrays whose elements cannot be told apart.
 */
final class OverviewModel implements FeedModel {

    /** What tells the rows of a section apart; of any other section, their names. */
    private static final Map<String, List<String>> IDENTITIES = Map.of(
            "attachments", List.of("codelet_set", "codelet", "hook", "execution"),
            "outputs", List.of("stream", "connector"),
            "metrics", List.of("map", "name"));

    private final LiveSource source;
    private final OverviewRates rates = new OverviewRates();
    private final Map<String, Rows> sections = new LinkedHashMap<>();
    private final Map<String, String> values = new LinkedHashMap<>();

    OverviewModel(LiveSource source) {
        this.source = source;
    }

    @Override
    public String read() {
        var changedValues = new ArrayList<String>();
        var changedSections = new ArrayList<String>();
        for (var member : rates.add(source.overview())) {
            var rows = rows(member.getKey(), member.getValue());
            if (rows.isPresent() && !values.containsKey(member.getKey())) {
                var change = sections.computeIfAbsent(member.getKey(), _ -> new Rows())
                        .update(rows.get());
                if (!change.isEmpty()) {
                    changedSections.add(Json.encode(member.getKey()) + ":{\"changed\":" + Rows.array(change.changed())
                            + ",\"removed\":" + Json.encode(change.removed()) + "}");
                }
            } else {
                sections.remove(member.getKey());
                var text = Json.encode(member.getValue());
                if (!text.equals(values.put(member.getKey(), text))) {
                    changedValues.add(Json.encode(member.getKey()) + ":" + text);
                }
            }
        }
        return "\"overview\":{" + String.join(",", changedValues) + "},\"rows\":{" + String.join(",", changedSections)
                + "}";
    }

    @Override
    public String whole() {
        var members = new ArrayList<String>();
        values.forEach((name, text) -> members.add(Json.encode(name) + ":" + text));
        sections.forEach((name, rows) -> members.add(Json.encode(name) + ":" + rows.array()));
        return "\"overview\":{" + String.join(",", members) + "}";
    }

    /** A section's rows by id; empty when it is none. */
    private static Optional<Map<String, String>> rows(String section, Object member) {
        if (!(member instanceof JsonArray array)) {
            return Optional.empty();
        }
        var rows = new LinkedHashMap<String, String>();
        for (var element : array) {
            var id = element instanceof JsonObject row ? id(section, row) : Optional.<String>empty();
            if (id.isEmpty()
                    || rows.put(
                                    id.get(),
                                    ((JsonObject) element).put("id", id.get()).encode())
                            != null) {
                return Optional.empty();
            }
        }
        return Optional.of(rows);
    }

    private static Optional<String> id(String section, JsonObject row) {
        var parts = new ArrayList<String>();
        for (var name : IDENTITIES.getOrDefault(section, List.of("name"))) {
            if (!(row.getValue(name) instanceof String part)) {
                return Optional.empty();
            }
            parts.add(part);
        }
        return Optional.of(String.join("/", parts));
    }
}

package io.vertebra.connectors.live;

import io.vertebra.connectors.metrics.TypedEntries;
import io.vertebra.connectors.spi.RecordJson;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;

/** A map's entries. The map is found anew each time: a replaced set has others under the same name. */
final class MapModel implements FeedModel {

    /** Most entries in a message. */
    static final int MOST = 1_000;

    private final LiveSource source;
    private final String path;
    private final Rows rows = new Rows();
    private String time = "";
    private int missing;

    /** Reads the map for the first time. */
    MapModel(LiveSource source, String path) {
        this.source = source;
        this.path = path;
    }

    @Override
    public String read() {
        var view = source.map(path);
        var now = new LinkedHashMap<String, String>();
        var chars = new int[1];
        var left = new int[1];
        missing = new TypedEntries(view.map()).forEach(MOST, (key, entry) -> {
            if (chars[0] < LiveClient.MOST_CHARS) {
                var id = Json.encode(RecordJson.json(entry.key()));
                var row = row(view, key, entry, id);
                chars[0] += row.length();
                now.put(id, row);
            } else {
                left[0]++;
            }
        });
        missing += left[0];
        time = "\"time\":" + System.currentTimeMillis();
        var change = rows.update(now);
        var removed = change.removed().isEmpty() ? "" : ",\"removed\":" + Rows.array(change.removed());
        return time + ",\"entries\":" + Rows.array(change.changed()) + removed + truncated();
    }

    @Override
    public String whole() {
        return time + ",\"entries\":" + rows.array() + truncated();
    }

    private String truncated() {
        return missing == 0 ? "" : ",\"truncated\":" + missing;
    }

    private static String row(LiveSource.View view, byte[] key, TypedEntries.Entry entry, String id) {
        var labels = view.labels()
                .flatMap(its -> its.of(key).map(texts -> labels(its.names(), texts)))
                .map(its -> "\"labels\":" + its.encode() + ",")
                .orElse("");
        return "{\"key\":" + id + "," + labels + "\"value\":" + Json.encode(RecordJson.json(entry.value())) + "}";
    }

    private static JsonObject labels(List<String> names, List<String> texts) {
        var labels = new JsonObject();
        for (int i = 0; i < names.size(); i++) {
            labels.put(names.get(i), texts.get(i));
        }
        return labels;
    }
}

package io.vertebra.connectors.live;

import io.vertebra.connectors.metrics.TypedEntries;
import io.vertebra.connectors.spi.RecordJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** A map's content as JSON. */
final class MapEntries {

    /** Most entries in one frame. */
    private static final int MOST = 1_000;

    private final LiveSource.View view;
    private final TypedEntries typed;

    MapEntries(LiveSource.View view) {
        this.view = view;
        this.typed = new TypedEntries(view.map());
    }

    /** {@code {"time", "entries": [{"key", "labels", "value"}], "truncated"}}; truncated only when entries are missing. */
    JsonObject read() {
        var entries = new JsonArray();
        int more = typed.forEach(MOST, (key, entry) -> {
            var json = new JsonObject().put("key", RecordJson.json(entry.key()));
            view.labels()
                    .ifPresent(labels ->
                            labels.of(key).ifPresent(texts -> json.put("labels", labels(labels.names(), texts))));
            entries.add(json.put("value", RecordJson.json(entry.value())));
        });
        var result = new JsonObject().put("time", System.currentTimeMillis()).put("entries", entries);
        return more == 0 ? result : result.put("truncated", more);
    }

    private static JsonObject labels(List<String> names, List<String> texts) {
        var labels = new JsonObject();
        for (int i = 0; i < names.size(); i++) {
            labels.put(names.get(i), texts.get(i));
        }
        return labels;
    }
}

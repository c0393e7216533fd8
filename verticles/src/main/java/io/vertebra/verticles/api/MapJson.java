package io.vertebra.verticles.api;

import io.vertebra.config.Buckets;
import io.vertebra.config.MetricSpec;
import io.vertebra.connectors.metrics.MapHistogram;
import io.vertebra.connectors.metrics.TypedEntries;
import io.vertebra.connectors.spi.RecordJson;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.vm.map.BpfMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/** Maps as JSON: bpftool's names for what a map is, entries typed by BTF. Thread-safe. */
final class MapJson {

    private final Ids ids = new Ids();

    /** All maps of all sets. */
    JsonArray all(CodeletRuntime runtime) {
        var array = new JsonArray();
        runtime.sets()
                .forEach(set -> set.maps().forEach((name, map) -> array.add(map(set, set.name() + "/" + name, map))));
        return array;
    }

    /** The number of a map. */
    int id(String path, BpfMap map) {
        return ids.of(path, map);
    }

    /** One map. */
    JsonObject map(CodeletRuntime runtime, String path, BpfMap map) {
        return map(runtime.set(path.substring(0, path.indexOf('/'))).orElseThrow(), path, map);
    }

    private JsonObject map(CodeletSet set, String path, BpfMap map) {
        var spec = map.spec();
        return new JsonObject()
                .put("id", id(path, map))
                .put("path", path)
                .put("type", spec.type().name().toLowerCase(Locale.ROOT))
                .put("name", spec.name())
                .put("codelet_set", set.name())
                .put("flags", spec.flags())
                .put("bytes_key", spec.keySize())
                .put("bytes_value", spec.valueSize())
                .put("max_entries", spec.maxEntries())
                .put("bytes_memlock", map.memoryBytes())
                .put("entries", map.size())
                .put("copies", map.copies())
                .put("frozen", spec.frozen())
                .put("buckets", buckets(set, map).map(RuntimeJson::buckets).orElse(null));
    }

    /** What the slots of the map's values count, where a histogram metric declares it. */
    private static Optional<Buckets> buckets(CodeletSet set, BpfMap map) {
        return set.descriptor().metrics().stream()
                .filter(metric -> metric.type() == MetricSpec.Type.HISTOGRAM)
                .filter(metric -> set.map(metric.map()).equals(Optional.of(map)))
                .filter(metric -> !MapHistogram.inKey(map.spec(), metric))
                .map(MetricSpec::buckets)
                .findFirst();
    }

    /** Entries with their bytes: {@code {"entries": [{"key", "value", "key_hex", "value_hex"}], "truncated"}}. */
    static JsonObject entries(BpfMap map, int limit) {
        var typed = new TypedEntries(map);
        var entries = new JsonArray();
        int more = typed.forEach(limit, (key, entry) -> {
            var json = new JsonObject()
                    .put("key", RecordJson.json(entry.key()))
                    .put("value", RecordJson.json(entry.value()))
                    .put("key_hex", HexFormat.of().formatHex(key));
            if (map.copies() == 1) {
                map.get(key)
                        .ifPresent(value -> json.put("value_hex", HexFormat.of().formatHex(value)));
            }
            entries.add(json);
        });
        return new JsonObject().put("entries", entries).put("truncated", more);
    }
}

package io.vertebra.connectors.live;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/** Adds to each account of an overview how many events or records a second came since the overview before. */
final class OverviewRates {

    private Map<String, Long> before = new HashMap<>();
    private long beforeNanos;

    /** Puts {@code rate} into every attachment and output; 0 the first time. */
    JsonObject add(JsonObject overview) {
        long now = System.nanoTime();
        var counts = new HashMap<String, Long>();
        double seconds = (now - beforeNanos) / 1e9;
        rates(overview.getJsonArray("attachments"), "offered", seconds, counts, "codelet_set", "codelet", "hook");
        rates(overview.getJsonArray("outputs"), "emitted", seconds, counts, "stream", "connector");
        before = counts;
        beforeNanos = now;
        return overview;
    }

    private void rates(JsonArray accounts, String total, double seconds, Map<String, Long> counts, String... identity) {
        for (var element : accounts) {
            var account = (JsonObject) element;
            var key = new StringBuilder(total);
            for (var part : identity) {
                key.append('\n').append(account.getString(part));
            }
            long count = account.getLong(total);
            counts.put(key.toString(), count);
            var earlier = before.get(key.toString());
            account.put("rate", earlier == null ? 0 : Math.max(0, count - earlier) / seconds);
        }
    }
}

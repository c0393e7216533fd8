package io.vertebra.connectors.live;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of JSON by their ids, and what became of them since they were read before. Not thread-safe. */
final class Rows {

    private Map<String, String> texts = new LinkedHashMap<>();

    /**
     * A difference.
     *
     * @param changed texts of the rows that are new or different
     * @param removed ids of the rows that are gone
     */
    record Change(List<String> changed, List<String> removed) {
        boolean isEmpty() {
            return changed.isEmpty() && removed.isEmpty();
        }
    }

    /** Takes the rows as they are now. */
    Change update(Map<String, String> now) {
        var changed = new ArrayList<String>();
        now.forEach((id, text) -> {
            if (!text.equals(texts.get(id))) {
                changed.add(text);
            }
        });
        var removed = texts.keySet().stream().filter(id -> !now.containsKey(id)).toList();
        texts = now;
        return new Change(changed, removed);
    }

    /** All rows, as a JSON array. */
    String array() {
        return array(texts.values());
    }

    /** Texts of JSON as an array. */
    static String array(Iterable<String> texts) {
        return "[" + String.join(",", texts) + "]";
    }
}

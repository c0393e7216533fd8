package io.vertebra.config;

import java.util.List;
import java.util.Map;

/**
 * Settings and where each value comes from. Immutable.
 *
 * @param settings the effective values
 * @param sources by key: {@code FILE:LINE}, {@code environment VERTEBRA_...} or {@code property vertebra....}; a key without
 *     one has its default
 */
public record LoadedSettings(ServerSettings settings, Map<String, String> sources) {

    /** Makes the map immutable. */
    public LoadedSettings {
        sources = Map.copyOf(sources);
    }

    /** Where a key's value comes from; {@code default} when nobody gave one. */
    public String source(SettingKey key) {
        return sources.getOrDefault(key.name(), "default");
    }

    /** The keys whose values differ in other settings. */
    public List<SettingKey> changed(LoadedSettings other) {
        return SettingKey.ALL.stream()
                .filter(key -> !key.value().apply(settings).equals(key.value().apply(other.settings)))
                .toList();
    }
}

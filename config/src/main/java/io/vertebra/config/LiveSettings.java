package io.vertebra.config;

import java.util.List;
import java.util.function.Supplier;

/**
 * Settings that are read again while they are in use. New values take effect all together, and only when every key that has
 * changed is {@link SettingKey#live}. Thread-safe.
 */
public final class LiveSettings {

    private final Supplier<LoadedSettings> reader;
    private volatile LoadedSettings current;

    /**
     * Reads them for the first time.
     *
     * @param reader reads them from where they come from
     * @throws ConfigException when the reader does
     */
    public LiveSettings(Supplier<LoadedSettings> reader) {
        this.reader = reader;
        this.current = reader.get();
    }

    /** What is in effect. */
    public LoadedSettings current() {
        return current;
    }

    /** What came of reading again. */
    public sealed interface Reload {

        /**
         * The new values are in effect.
         *
         * @param keys those whose values have changed, maybe none
         */
        record Applied(List<SettingKey> keys) implements Reload {}

        /**
         * Nothing has changed.
         *
         * @param keys those that need a restart
         */
        record RestartNeeded(List<SettingKey> keys) implements Reload {}
    }

    /**
     * Reads again.
     *
     * @throws ConfigException when the reader does; nothing has changed then
     */
    public synchronized Reload reload() {
        var next = reader.get();
        var changed = current.changed(next);
        var fixed = changed.stream().filter(key -> !key.live()).toList();
        if (!fixed.isEmpty()) {
            return new Reload.RestartNeeded(fixed);
        }
        current = next;
        return new Reload.Applied(changed);
    }
}

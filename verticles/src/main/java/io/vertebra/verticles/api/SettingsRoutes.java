package io.vertebra.verticles.api;

import io.vertebra.config.ConfigException;
import io.vertebra.config.LiveSettings;
import io.vertebra.config.LiveSettings.Reload.Applied;
import io.vertebra.config.LiveSettings.Reload.RestartNeeded;
import io.vertebra.config.LoadedSettings;
import io.vertebra.config.Role;
import io.vertebra.config.SettingKey;
import io.vertebra.verticles.http.AccessGuard;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;

/**
 * {@code /api/v1/settings}: what is in effect and where it comes from; {@code POST .../reload} reads it again, which changes
 * everything that has changed, or nothing.
 */
final class SettingsRoutes {

    private static final String ALL = "/api/v1/settings";

    private final Optional<LiveSettings> settings;
    private final ControlWorker worker;
    private final AuditLog audit;

    SettingsRoutes(Optional<LiveSettings> settings, ControlWorker worker, AuditLog audit) {
        this.settings = settings;
        this.worker = worker;
        this.audit = audit;
    }

    void mount(Router router, AccessGuard access) {
        router.get(ALL)
                .handler(request -> worker.run(
                        request, () -> json(SettingKey.ALL, live()), all -> Answers.json(request, 200, all)));
        router.post(ALL + "/reload").handler(access.require(Role.AUTHOR)).handler(this::reload);
    }

    private void reload(RoutingContext request) {
        worker.run(
                request,
                () -> {
                    var changed = reload(live());
                    audit.add("settings_reloaded", "settings", new JsonObject().put("keys", names(changed)));
                    return json(changed, live());
                },
                changed -> Answers.json(request, 200, changed));
    }

    private static List<SettingKey> reload(LiveSettings settings) throws RequestException {
        try {
            return switch (settings.reload()) {
                case Applied(var keys) -> keys;
                case RestartNeeded(var keys) ->
                    throw new RequestException(
                            409,
                            "settings: nothing was changed, a restart is needed for "
                                    + names(keys).getList(),
                            new JsonObject().put("restart", names(keys)),
                            null);
            };
        } catch (ConfigException e) {
            throw new RequestException(
                    422,
                    "settings: nothing was changed, problems: " + e.problems().size(),
                    new JsonObject().put("problems", new JsonArray(e.problems())),
                    e);
        }
    }

    private LiveSettings live() throws RequestException {
        return settings.orElseThrow(() -> new RequestException(
                404, "settings: none to show or to read again, the application that started this Vertebra gave them"));
    }

    private static JsonArray json(List<SettingKey> keys, LiveSettings settings) {
        var current = settings.current();
        return RuntimeJson.array(keys, key -> json(key, current));
    }

    private static JsonObject json(SettingKey key, LoadedSettings settings) {
        return new JsonObject()
                .put("key", key.name())
                .put("value", key.text(settings.settings()))
                .put("source", settings.source(key))
                .put("live", key.live());
    }

    private static JsonArray names(List<SettingKey> keys) {
        return new JsonArray(keys.stream().map(SettingKey::name).toList());
    }
}

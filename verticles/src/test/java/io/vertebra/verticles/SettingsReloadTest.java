package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.HttpSettings;
import io.vertebra.config.LiveSettings;
import io.vertebra.config.ServerSettingsReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Settings that change while a Vertebra runs with them. */
@Timeout(60)
class SettingsReloadTest {

    private static final String SET = "codeletset: tally\ncodelets: [{object: tally.bpf.o, execution: inline}]\n";

    @TempDir
    Path folder;

    private Path file;
    private Vertebra vertebra;
    private ApiClient author;

    @BeforeEach
    void start() throws Exception {
        file = folder.resolve("vertebra.yaml");
        write("{port: 0, max_upload: 64KiB}");
        vertebra = Vertebra.start(new LiveSettings(() -> ServerSettingsReader.read(
                Optional.of(file),
                new Properties(),
                Map.of("VERTEBRA_HTTP_RUN_FOLDER", folder.resolve("run").toString()))));
        author = new ApiClient(vertebra, "author");
    }

    @AfterEach
    void stop() {
        author.close();
        vertebra.close();
    }

    @Test
    void shouldTellWhatIsInEffectAndWhereFrom() throws Exception {
        assertThat(setting("http.max_upload")).isEqualTo(json("http.max_upload", "65536", file + ":1", true));
        assertThat(setting("http.run_folder"))
                .isEqualTo(json(
                        "http.run_folder",
                        folder.resolve("run").toString(),
                        "environment VERTEBRA_HTTP_RUN_FOLDER",
                        false));
        assertThat(setting("http.request_timeout")).isEqualTo(json("http.request_timeout", "30000ms", "default", true));
        assertThat(setting("codelet_sets")).isEqualTo(json("codelet_sets", "", "default", false));
    }

    @Test
    void shouldTakeNewValuesWithoutARestart() throws Exception {
        write("{port: 0, max_upload: 4KiB, request_timeout: 20s}");
        assertThat(upload()).isEqualTo(201); // nobody has asked for the new values yet
        assertThat(author.send("DELETE", "codelet-sets/tally", "").status()).isEqualTo(204);
        var changed = author.send("POST", "settings/reload", "");
        assertThat(changed.array())
                .isEqualTo(new JsonArray()
                        .add(json("http.request_timeout", "20000ms", file + ":1", true))
                        .add(json("http.max_upload", "4096", file + ":1", true)));
        assertThat(upload()).isEqualTo(413);
        var events = author.get("events").array();
        assertThat(events.getJsonObject(events.size() - 1).getJsonArray("keys"))
                .containsExactly("http.request_timeout", "http.max_upload");
        assertThat(author.send("POST", "settings/reload", "").array()).isEmpty();
    }

    @Test
    void shouldChangeNothingWhenAKeyNeedsARestart() throws Exception {
        write("{port: 1, max_upload: 4KiB}");
        var refused = author.send("POST", "settings/reload", "");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.detail()).isEqualTo("settings: nothing was changed, a restart is needed for [http.port]");
        assertThat(refused.object().getJsonArray("restart")).containsExactly("http.port");
        assertThat(setting("http.max_upload").getString("value")).isEqualTo("65536");
        assertThat(upload()).isEqualTo(201);
    }

    @Test
    void shouldChangeNothingWhenRulesAreBroken() throws Exception {
        write("{port: 0,\n max_upload: 1, host: x y}");
        var refused = author.send("POST", "settings/reload", "");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.object().getJsonArray("problems"))
                .hasSize(2)
                .contains(file + ":2: http.max_upload: 1, allowed is 4096 to 1073741824");
        assertThat(upload()).isEqualTo(201);
    }

    @Test
    void shouldNeedTheRoleOfAnAuthorAndSettings() throws Exception {
        try (var operator = new ApiClient(vertebra, "operator")) {
            assertThat(operator.send("POST", "settings/reload", "").status()).isEqualTo(403);
        }
        try (var embedded = Vertebra.start(VertebraConfig.defaults()
                        .withCores(1)
                        .withHttp(HttpSettings.defaults().withPort(0).withRunFolder(folder)));
                var client = new ApiClient(embedded, "author")) {
            assertThat(client.get("settings").status()).isEqualTo(404);
            assertThat(client.send("POST", "settings/reload", "").status()).isEqualTo(404);
        }
    }

    /** More than 4 KiB. */
    private int upload() throws Exception {
        return author.upload("POST", "codelet-sets", SET + "#".repeat(8 << 10), "tally.bpf.o")
                .status();
    }

    private JsonObject setting(String key) throws Exception {
        return author.get("settings").array().stream()
                .map(JsonObject.class::cast)
                .filter(setting -> setting.getString("key").equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject json(String key, String value, String source, boolean live) {
        return new JsonObject()
                .put("key", key)
                .put("value", value)
                .put("source", source)
                .put("live", live);
    }

    private void write(String http) throws IOException {
        Files.writeString(file, "http: " + http + "\nruntime: {cores: 1}\n");
    }
}

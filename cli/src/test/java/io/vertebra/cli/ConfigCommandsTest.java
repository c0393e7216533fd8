package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.LiveSettings;
import io.vertebra.config.ServerSettingsReader;
import io.vertebra.verticles.Vertebra;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code vertebra config} and {@code vertebra doctor}, on real settings files and ports. */
@Timeout(60)
class ConfigCommandsTest {

    @TempDir
    Path folder;

    private Path file;
    private int free;

    @BeforeEach
    void choose() throws Exception {
        file = folder.resolve("vertebra.yaml");
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        write(free, "");
    }

    @Test
    void shouldShowAndReloadSettings() throws Exception {
        try (var vertebra = vertebra()) {
            var where = new String[] {
                "--url", vertebra.url(), "--run-folder", folder.resolve("run").toString()
            };
            assertThat(run(where, "config", "show").out())
                    .containsPattern("http.port +" + free + " +\\Q" + file + "\\E:2\n")
                    .containsPattern("http.request_timeout +30000ms +default  \\(live\\)\n");
            run(where, "config", "reload").shouldPrint("Changed 0 settings\n");
            write(free, "  request_timeout: 20s\n");
            assertThat(run(where, "config", "reload").out())
                    .matches("http.request_timeout +20000ms +\\Q" + file + "\\E:4  \\(live\\)\nChanged 1 setting\n");
            write(free + 1, "");
            run(where, "config", "reload")
                    .shouldFail(1, "settings: nothing was changed, a restart is needed for [http.port]");
            write(free, "  max_upload: 1\n  more: 2\n");
            var broken = run(where, "config", "reload");
            assertThat(broken.err().lines().skip(1))
                    .containsExactlyInAnyOrder(
                            file + ":4: http.max_upload: 1, allowed is 4096 to 1073741824",
                            file + ":5: http.more: unknown key, allowed is allowed_hosts, host, max_clients,"
                                 + " max_connections, max_upload, max_uploads, port, request_timeout, run_folder, tls,"
                                 + " token_file");
        }
    }

    @Test
    void shouldTakeConnectorsFromTheSettingsAndHideTheirSecrets() throws Exception {
        var records = folder.resolve("records.ndjson");
        Files.writeString(
                file,
                Files.readString(file) + "log: {target: file, file: " + records + "}\nkafka:\n"
                        + "  properties: {sasl.jaas.config: hidden, security.protocol: PLAINTEXT}\n");
        try (var vertebra = vertebra()) {
            var where = new String[] {
                "--url", vertebra.url(), "--run-folder", folder.resolve("run").toString()
            };
            assertThat(run(where, "config", "show").out())
                    .containsPattern("log.target +file +\\Q" + file)
                    .doesNotContain("hidden");
            assertThat(run(where, "-j", "config", "show").out()).doesNotContain("hidden");
            assertThat(records).exists();
        }
    }

    @Test
    void shouldFindAFitMachine() {
        var doctor = doctor();
        assertThat(doctor.exit()).as(doctor.out()).isZero();
        assertThat(doctor.out())
                .contains("OK    java       ", "OK    config     " + file + ", 5 values given\n")
                .contains("OK    port       127.0.0.1:" + free + " is free\n")
                .contains("OK    token      no Vertebra has written a run file yet, ")
                .containsPattern("(OK  |WARN)  clang ")
                .endsWith("\nfit\n")
                .doesNotContain("FAIL");
    }

    @Test
    void shouldKnowARunningVertebraAndItsRunFile() throws Exception {
        try (var vertebra = vertebra()) {
            var runFile = folder.resolve("run").resolve(vertebra.port() + ".json");
            assertThat(doctor().out())
                    .contains("OK    port       a Vertebra runs at 127.0.0.1:" + free + "\n")
                    .contains("OK    token      run file " + runFile + ", mode 600, of process "
                            + ProcessHandle.current().pid());
            Files.setPosixFilePermissions(runFile, PosixFilePermissions.fromString("rw-r--r--"));
            var doctor = doctor();
            assertThat(doctor.exit()).isEqualTo(1);
            assertThat(doctor.out())
                    .contains("FAIL  token      run file " + runFile + " has mode rw-r--r--: others can read it");
        }
    }

    @Test
    void shouldSayWhatFailsAndWhatToDo() throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            write(taken.getLocalPort(), "");
            Files.writeString(file, Files.readString(file) + "codelet_sets: [none.yaml, half.yaml]\n");
            Files.writeString(folder.resolve("half.yaml"), "codeletset: half\ncodelets: [{object: none.o}]\n");
            var doctor = Command.run("doctor", "--config", file.toString(), "--kafka", "127.0.0.1:" + free);
            assertThat(doctor.exit()).isEqualTo(1);
            assertThat(doctor.out())
                    .containsPattern("FAIL  port       127.0.0.1:" + taken.getLocalPort() + " cannot be listened on, .+"
                            + ": stop what listens there, or choose another http.port\n")
                    .contains("FAIL  set        " + folder.resolve("none.yaml") + ": cannot be read: no such file")
                    .contains("FAIL  set        " + folder.resolve("half.yaml") + ": [" + folder.resolve("none.o")
                            + "] cannot be read: compile or copy them\n")
                    .contains(
                            "FAIL  kafka      kafka broker `127.0.0.1:" + free + "` cannot be used: Connection refused")
                    .containsPattern("\n4 of \\d+ checks failed\n$");
        }
    }

    @Test
    void shouldNameEveryProblemOfTheSettings() throws Exception {
        Files.writeString(file, "http:\n  port: 70000\nruntime: {wake: never}\n");
        var doctor = Command.run("-j", "doctor", "--config", file.toString());
        assertThat(doctor.exit()).isEqualTo(1);
        var json = new JsonObject(doctor.out());
        assertThat(json.getJsonArray("checks").stream()
                        .map(JsonObject.class::cast)
                        .filter(check -> check.getString("check").equals("config"))
                        .map(check -> check.getString("verdict") + " " + check.getString("observed")))
                .containsExactlyInAnyOrder(
                        "FAIL " + file + ":2: http.port: 70000, allowed is 0 to 65535",
                        "FAIL " + file + ":3: runtime.wake: `never`, allowed is immediate, timer");
    }

    private Vertebra vertebra() throws Exception {
        return Vertebra.start(
                new LiveSettings(() -> ServerSettingsReader.read(Optional.of(file), new Properties(), Map.of())));
    }

    private Command doctor() {
        return Command.run("doctor", "--config", file.toString());
    }

    private static Command run(String[] where, String... words) {
        var all = new String[words.length + where.length];
        System.arraycopy(words, 0, all, 0, words.length);
        System.arraycopy(where, 0, all, words.length, where.length);
        return Command.run(all);
    }

    private void write(int port, String more) throws IOException {
        Files.writeString(
                file,
                "http:\n  port: " + port + "\n  run_folder: " + folder.resolve("run") + "\n" + more
                        + "runtime: {cores: 1}\n");
    }
}

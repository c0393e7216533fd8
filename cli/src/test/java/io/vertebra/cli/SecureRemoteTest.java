package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.connectors.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands against `vertebra start` in a process of its own, away from loopback, over TLS with client certificates. */
@Timeout(120)
class SecureRemoteTest {

    private static final String TOKEN = "f00dfacef00dfacef00dfacef00dface";
    private static final List<String> SAID = new CopyOnWriteArrayList<>();

    @TempDir
    static Path folder;

    private static Process server;
    private static String url;

    @BeforeAll
    static void start() throws Exception {
        var authority = new TestCertificates("authority");
        authority.issue("server").write(folder, "server");
        authority.issue("client").write(folder, "client");
        Files.writeString(folder.resolve("ca.crt"), authority.authority());
        Files.writeString(folder.resolve("stranger.crt"), new TestCertificates("stranger").authority());
        secret("tokens.yaml", "author: " + TOKEN + "\n");
        secret("token", TOKEN + "\n");
        Files.writeString(folder.resolve("vertebra.yaml"), """
            http: {host: 0.0.0.0, port: 0, run_folder: run, token_file: tokens.yaml,
                   tls: {certificate: server.crt, key: server.key, client_ca: ca.crt}}
            runtime: {cores: 1}
            """);
        server = vertebra(
                Map.of(), "start", "--config", folder.resolve("vertebra.yaml").toString());
        var lines = server.inputReader(StandardCharsets.UTF_8);
        for (var line = lines.readLine(); url == null && line != null; line = url == null ? lines.readLine() : null) {
            SAID.add(line);
            if (line.startsWith("Vertebra runs at https://")) {
                url = "https://127.0.0.1:" + line.replaceAll(".*:([0-9]+)/.*", "$1");
            }
        }
        assertThat(url).as(() -> SAID + " " + read(server)).isNotNull();
        Thread.ofVirtual().start(() -> lines.lines().forEach(SAID::add));
    }

    @AfterAll
    static void stop() throws Exception {
        server.destroy();
        server.waitFor();
    }

    @Test
    void shouldSayWhatIsMissing() {
        run("set", "list")
                .shouldFail(
                        1,
                        url
                                + ": nobody who is trusted here has signed its certificate: name the authority's with"
                                + " --cacert FILE, or in VERTEBRA_CACERT");
        run("set", "list", "--cacert", file("stranger.crt"))
                .shouldFail(
                        1,
                        url + ": nobody who is trusted here has signed its certificate: name the authority's with"
                                + " --cacert FILE, or in VERTEBRA_CACERT");
        run("set", "list", "--cacert", file("ca.crt"))
                .shouldFail(1, url + " wants a certificate that it trusts: name yours with --cert FILE and --key FILE");
        run("set", "list", "--cacert", file("ca.crt"), "--cert", file("client.crt"))
                .shouldFail(1, "--cert and --key: one without the other, needed are both");
        run("set", "list", "--cacert", file("server.key"))
                .shouldFail(
                        1,
                        "certificate `" + file("server.key")
                                + "`: no certificate in PEM, needed is at least one `-----BEGIN CERTIFICATE-----`");
        run(known("set", "list"))
                .shouldFail(
                        1,
                        "no token: send `Authorization: Bearer TOKEN`, the run file has it; set VERTEBRA_TOKEN, or run"
                                + " as the user who started it");
        run(known("stream", "tail", "x"))
                .shouldFail(
                        1,
                        url.replace("https", "wss")
                                + "/ws: the token is missing or unknown there; set VERTEBRA_TOKEN, or run as the user"
                                + " who started it");
    }

    @Test
    void shouldWorkWithCertificateAndToken() {
        run(known("set", "list", "--token-file", file("token"))).shouldPrint("");
        assertThat(run(known("stream", "tail", "x", "--token-file", file("token")))
                        .err())
                .startsWith("Error: stream `x` is unknown");
    }

    /** A token goes to nobody but whom it is for, and nowhere in clear text. */
    @Test
    void shouldKeepTokensFromOthers() {
        var clear = "http://vertebra.invalid:" + url.replaceAll(".*:", "");
        Command.run("set", "list", "--url", clear, "--token-file", file("token"))
                .shouldFail(
                        1,
                        clear + ": a token would go there in clear text, allowed is that for loopback only: use https");
    }

    @Test
    void shouldShowNoSecretInArgumentsNorOutput() throws Exception {
        var environment = Map.of(
                "VERTEBRA_URL", url,
                "VERTEBRA_TOKEN", TOKEN,
                "VERTEBRA_CACERT", file("ca.crt"),
                "VERTEBRA_CERT", file("client.crt"),
                "VERTEBRA_KEY", file("client.key"));
        var client = vertebra(environment, "stream", "tail", "x");
        var arguments = arguments(client);
        var said = read(client);
        assertThat(client.waitFor()).isEqualTo(1);
        assertThat(said).startsWith("Error: stream `x` is unknown").doesNotContain(TOKEN);
        assertThat(arguments).contains("tail").doesNotContain(TOKEN);
        assertThat(arguments(server)).contains("start").doesNotContain(TOKEN);
        assertThat(String.join("\n", SAID)).contains("Vertebra runs at").doesNotContain(TOKEN);
        assertThat(Command.run("start", "--token", TOKEN).exit()).isEqualTo(2);
    }

    private static String arguments(Process process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
    }

    private static Process vertebra(Map<String, String> environment, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.vertebra.cli.Main"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment().putAll(environment);
        return process.start();
    }

    private static String read(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void secret(String name, String content) throws IOException {
        var file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }

    private static String[] known(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--cacert", file("ca.crt"), "--cert", file("client.crt"), "--key", file("client.key")));
        return all.toArray(String[]::new);
    }

    private static String file(String name) {
        return folder.resolve(name).toString();
    }

    private static Command run(String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--url", url, "--run-folder", file("elsewhere")));
        return Command.run(all.toArray(String[]::new));
    }
}

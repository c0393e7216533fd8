package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.config.HttpAccess;
import io.vertebra.config.HttpSettings;
import io.vertebra.config.Role;
import io.vertebra.config.TlsSettings;
import io.vertebra.connectors.LiveClient;
import io.vertebra.connectors.TestCertificates;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP port over TLS, with certificates of an authority of this test. */
@Timeout(120)
class TlsTest {

    private static final String VIEWER = "viewer-0123456789abcdef0123456789abcdef";
    private static final String AUTHOR = "author-0123456789abcdef0123456789abcdef";
    private static final Duration OFTEN = Duration.ofMillis(100);

    private final TestCertificates authority = new TestCertificates("test authority");

    @TempDir
    Path folder;

    private TlsSettings tls;

    @BeforeEach
    void write() throws Exception {
        authority.issue("first").write(folder, "server");
        Files.writeString(folder.resolve("ca.crt"), authority.authority());
        tls = TlsSettings.of(folder.resolve("server.crt"), folder.resolve("server.key"))
                .withCheckEvery(OFTEN);
    }

    @Test
    void shouldServeOverTlsOnly() throws Exception {
        try (var vertebra = start("127.0.0.1", tls, List.of())) {
            assertThat(vertebra.url()).startsWith("https://127.0.0.1:");
            assertThat(get(authority.client(), vertebra, "/api/v1/hooks", "").statusCode())
                    .isEqualTo(200);
            assertThat(get(authority.client(), vertebra, "/metrics", "").body())
                    .containsPattern("\nvertebra_tls_certificate_end_seconds 1\\.\\d+E9\n");
            var clear = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + vertebra.port() + "/"))
                    .build();
            assertThatThrownBy(() -> HttpClient.newHttpClient().send(clear, BodyHandlers.ofString()))
                    .isInstanceOf(IOException.class);
            var stranger = new TestCertificates("stranger").client();
            assertThatThrownBy(() -> get(stranger, vertebra, "/", "")).isInstanceOf(SSLException.class);
        }
    }

    /** Away from loopback, everything but the page's own files needs a token. */
    @Test
    void shouldAskForTokensAwayFromLoopback() throws Exception {
        try (var vertebra = start("0.0.0.0", tls, List.of("vertebra.example"))) {
            assertThat(vertebra.url()).isEqualTo("https://vertebra.example:" + vertebra.port());
            var client = authority.client();
            for (var path : List.of("/metrics", "/api/v1/hooks", "/api/v1/openapi.json", "/ws", "/nothing")) {
                assertThat(get(client, vertebra, path, "").statusCode())
                        .as(path)
                        .isEqualTo(401);
                assertThat(get(client, vertebra, path, AUTHOR + "x").statusCode())
                        .as(path)
                        .isEqualTo(401);
            }
            assertThat(get(client, vertebra, "/", "").statusCode()).isEqualTo(200);
            assertThat(get(client, vertebra, "/metrics", VIEWER).statusCode()).isEqualTo(200);
            assertThat(get(client, vertebra, "/api/v1/hooks", AUTHOR).statusCode())
                    .isEqualTo(200);
            var refused = delete(client, vertebra, VIEWER);
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(delete(client, vertebra, AUTHOR).statusCode()).isEqualTo(404);
        }
    }

    @Test
    void shouldTakeTheTokenOfAWebSocketAsSubProtocol() throws Exception {
        try (var vertebra = start("0.0.0.0", tls, List.of());
                var http = client(authority.client())) {
            var address = URI.create("wss://127.0.0.1:" + vertebra.port() + "/ws");
            assertThatThrownBy(() -> new LiveClient(http, address)).isInstanceOf(CompletionException.class);
            assertThatThrownBy(() -> new LiveClient(http, address, "vertebra.token." + VIEWER + "x"))
                    .isInstanceOf(CompletionException.class);
            try (var live = new LiveClient(http, address, "vertebra.token." + VIEWER)) {
                assertThat(live.subProtocol()).isEqualTo("vertebra.v1");
                live.send("{\"type\":\"subscribe\",\"id\":1,\"overview\":true}").next("snapshot");
            }
        }
    }

    @Test
    void shouldTakeConfiguredHostsOnly() throws Exception {
        try (var vertebra = start("0.0.0.0", tls, List.of("vertebra.example"))) {
            assertThat(raw(vertebra, "Host: vertebra.example\r\n")).contains(" 200 ");
            assertThat(raw(vertebra, "Host: VERTEBRA.example:7700\r\nOrigin: https://vertebra.example:7700\r\n"))
                    .contains(" 200 ");
            assertThat(raw(vertebra, "Host: vertebra.example\r\nOrigin: https://other.example\r\n"))
                    .contains(" 403 ");
            assertThat(raw(vertebra, "Host: other.example\r\n")).contains(" 403 ");
        }
    }

    /** Another server may pass requests on from anywhere: reading is not open then. */
    @Test
    void shouldAskForTokensBehindAnotherServer() throws Exception {
        try (var vertebra = start("127.0.0.1", tls, List.of("vertebra.example"))) {
            assertThat(get(authority.client(), vertebra, "/metrics", "").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void shouldUseNewFilesWithoutClosingConnections() throws Exception {
        try (var vertebra = start("127.0.0.1", tls, List.of());
                var before = connect(vertebra)) {
            assertThat(subject(before)).isEqualTo("CN=first");
            assertThat(ask(before, "Host: localhost\r\n")).contains(" 200 ");
            authority.issue("second").write(folder, "server");
            awaitEvent(vertebra, "certificate_changed");
            try (var after = connect(vertebra)) {
                assertThat(subject(after)).isEqualTo("CN=second");
                assertThat(ask(after, "Host: localhost\r\n")).contains(" 200 ");
            }
            assertThat(ask(before, "Host: localhost\r\n")).contains(" 200 ");
        }
    }

    @Test
    void shouldKeepTheOldFilesWhenNewOnesAreBroken() throws Exception {
        try (var vertebra = start("127.0.0.1", tls, List.of())) {
            authority.issue("other key").write(folder, "other");
            Files.copy(folder.resolve("other.key"), folder.resolve("server.key"), StandardCopyOption.REPLACE_EXISTING);
            assertThat(awaitEvent(vertebra, "certificate_refused"))
                    .isEqualTo("http.tls.key: not the key of the certificate, needed is the one it was issued for; TLS"
                            + " goes on with what it has");
            try (var socket = connect(vertebra)) {
                assertThat(subject(socket)).isEqualTo("CN=first");
            }
            authority.issue("third").write(folder, "server");
            awaitEvent(vertebra, "certificate_changed");
            try (var socket = connect(vertebra)) {
                assertThat(subject(socket)).isEqualTo("CN=third");
            }
        }
    }

    @Test
    void shouldNotStartWithBrokenFiles() throws Exception {
        assertThatThrownBy(() -> start("127.0.0.1", TlsSettings.of(folder.resolve("none"), tls.key()), List.of()))
                .isInstanceOf(StartException.class)
                .hasMessage("http.tls.certificate: `" + folder.resolve("none") + "` cannot be read: no such file");
        assertThatThrownBy(() -> start("127.0.0.1", TlsSettings.of(tls.key(), tls.key()), List.of()))
                .hasMessageStartingWith("http.tls.certificate: no certificate in PEM");
        assertThatThrownBy(() -> start("127.0.0.1", TlsSettings.of(tls.certificate(), tls.certificate()), List.of()))
                .hasMessageStartingWith("http.tls.key: no private key of RSA or EC in PEM");
    }

    @Test
    void shouldWantAClientCertificateOfTheAuthority() throws Exception {
        var clients = new TestCertificates("clients");
        Files.writeString(folder.resolve("clients.crt"), clients.authority());
        var mutual = tls.withClients(folder.resolve("clients.crt"), Map.of("alice", Role.AUTHOR, "bob", Role.VIEWER));
        try (var vertebra = start("0.0.0.0", mutual, List.of())) {
            assertThatThrownBy(() -> get(authority.client(), vertebra, "/", "")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> get(authority.client(authority.issue("alice")), vertebra, "/", ""))
                    .isInstanceOf(IOException.class);
            var alice = authority.client(clients.issue("alice"));
            var bob = authority.client(clients.issue("bob"));
            var carol = authority.client(clients.issue("carol"));
            assertThat(delete(alice, vertebra, "").statusCode()).isEqualTo(404);
            assertThat(delete(bob, vertebra, "").statusCode()).isEqualTo(403);
            assertThat(get(bob, vertebra, "/metrics", "").statusCode()).isEqualTo(200);
            assertThat(get(carol, vertebra, "/metrics", "").statusCode()).isEqualTo(401);
            // a token decides, whatever the certificate is
            assertThat(delete(alice, vertebra, VIEWER).statusCode()).isEqualTo(403);
            assertThat(delete(carol, vertebra, AUTHOR).statusCode()).isEqualTo(404);
            assertThat(delete(alice, vertebra, "wrong").statusCode()).isEqualTo(401);
            assertThatThrownBy(
                            () -> get(authority.client(clients.issue("alice", Duration.ofDays(-1))), vertebra, "/", ""))
                    .isInstanceOf(IOException.class);
        }
    }

    private Vertebra start(String host, TlsSettings settings, List<String> hosts) throws Exception {
        var tokens = folder.resolve("tokens.yaml");
        if (!Files.exists(tokens)) {
            Files.createFile(
                    tokens, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(tokens, "viewer: " + VIEWER + "\nauthor: " + AUTHOR + "\n");
        var http = HttpSettings.defaults()
                .withPort(0)
                .withRunFolder(folder.resolve("run"))
                .withAccess(new HttpAccess(Optional.of(settings), Optional.of(tokens), hosts))
                .withHost(host);
        return Vertebra.start(VertebraConfig.defaults().withCores(1).withHttp(http));
    }

    /** The detail of the first such event; asks until it is there. */
    private String awaitEvent(Vertebra vertebra, String event) throws Exception {
        var client = authority.client();
        while (true) {
            var events =
                    new JsonArray(get(client, vertebra, "/api/v1/events", "").body());
            var found = events.stream()
                    .map(JsonObject.class::cast)
                    .filter(e -> e.getString("event").equals(event))
                    .findFirst();
            if (found.isPresent()) {
                assertThat(found.get().getString("actor")).isEqualTo("tls");
                return found.get().getString("detail");
            }
        }
    }

    private SSLSocket connect(Vertebra vertebra) throws Exception {
        var socket = (SSLSocket) authority.client().getSocketFactory().createSocket("127.0.0.1", vertebra.port());
        socket.startHandshake();
        return socket;
    }

    private static String subject(SSLSocket socket) throws Exception {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    /** The status line of an answer; the body is read and forgotten. */
    private static String ask(SSLSocket socket, String headers) throws IOException {
        var request = "GET /icon.svg HTTP/1.1\r\n" + headers + "If-None-Match: x\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        var status = reader.readLine();
        int length = 0;
        for (var line = reader.readLine(); !line.isEmpty(); line = reader.readLine()) {
            if (line.startsWith("content-length: ")) {
                length = Integer.parseInt(line.substring("content-length: ".length()));
            }
        }
        for (int i = 0; i < length; i++) {
            assertThat(reader.read()).isNotNegative();
        }
        return status;
    }

    private String raw(Vertebra vertebra, String headers) throws Exception {
        try (var socket = connect(vertebra)) {
            return ask(socket, headers);
        }
    }

    private static HttpResponse<String> get(SSLContext ssl, Vertebra vertebra, String path, String token)
            throws Exception {
        return send(ssl, vertebra, "GET", path, token);
    }

    private static HttpResponse<String> delete(SSLContext ssl, Vertebra vertebra, String token) throws Exception {
        return send(ssl, vertebra, "DELETE", "/api/v1/codelet-sets/none", token);
    }

    private static HttpResponse<String> send(
            SSLContext ssl, Vertebra vertebra, String method, String path, String token) throws Exception {
        try (var http = client(ssl)) {
            var request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + vertebra.port() + path))
                    .method(method, BodyPublishers.noBody());
            if (!token.isEmpty()) {
                request.header("authorization", "Bearer " + token);
            }
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static HttpClient client(SSLContext ssl) {
        return HttpClient.newBuilder().sslContext(ssl).build();
    }
}

package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.HttpLimits;
import io.vertebra.config.HttpSettings;
import io.vertebra.connectors.LiveClient;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that send too much, too slowly, or not at all, on real sockets; after each, an honest one is served. */
@Timeout(120)
class HostileClientTest {

    private static final int CONNECTIONS = 16;
    private static final int UPLOAD = 64 << 10;

    @TempDir
    static Path folder;

    private static Vertebra vertebra;

    @BeforeAll
    static void start() throws Exception {
        var http = HttpSettings.defaults()
                .withPort(0)
                .withRunFolder(folder.resolve("run"))
                .withLimits(new HttpLimits(CONNECTIONS, CONNECTIONS, Duration.ofMillis(500), UPLOAD, 4));
        vertebra = Vertebra.start(VertebraConfig.defaults().withHttp(http));
    }

    @AfterAll
    static void stop() {
        vertebra.close();
    }

    @AfterEach
    void shouldServeOthers() throws Exception {
        try (var client = new ApiClient(vertebra, "")) {
            assertThat(client.get("hooks").status()).isEqualTo(200);
        }
    }

    @Test
    void shouldCloseIdleConnections() throws Exception {
        try (var socket = connect()) {
            assertThat(readAll(socket)).isEmpty();
        }
    }

    /** Slowloris: a header line now and then, for ever. */
    @Test
    void shouldCloseRequestsThatNeverEnd() throws Exception {
        try (var socket = connect()) {
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n");
            assertThat(trickle(socket, "x-more: 1\r\n")).isTrue();
        }
    }

    @Test
    void shouldCloseBodiesThatNeverEnd() throws Exception {
        try (var socket = connect()) {
            send(
                    socket,
                    "PUT /api/v1/inputs/x HTTP/1.1\r\n"
                            + "Host: localhost\r\n"
                            + "Content-Length: 100000\r\n"
                            + "Authorization: Bearer "
                            + vertebra.token("operator") + "\r\n\r\n");
            assertThat(trickle(socket, " ")).isTrue();
        }
    }

    /** An answered request does not buy the next one more time. */
    @Test
    void shouldCloseConnectionsThatStopAfterOneRequest() throws Exception {
        try (var socket = connect()) {
            send(socket, "GET /api/v1/hooks HTTP/1.1\r\nHost: localhost\r\n\r\nGET /api");
            assertThat(readAll(socket)).startsWith("HTTP/1.1 200 OK").containsOnlyOnce("HTTP/1.1");
        }
    }

    @Test
    void shouldAnswerAClientThatHasClosedItsSide() throws Exception {
        try (var socket = connect()) {
            send(socket, "GET /api/v1/hooks HTTP/1.1\r\nHost: localhost\r\n\r\n");
            socket.shutdownOutput();
            assertThat(readAll(socket))
                    .satisfiesAnyOf(
                            answer -> assertThat(answer).isEmpty(),
                            answer -> assertThat(answer).startsWith("HTTP/1.1 200 OK"));
        }
    }

    @Test
    void shouldRefuseLongLinesAndHeaders() throws Exception {
        assertThat(exchange("GET /" + "a".repeat(10_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"))
                .contains(" 414 ");
        assertThat(exchange("GET / HTTP/1.1\r\nHost: localhost\r\nx-long: " + "a".repeat(100_000) + "\r\n\r\n"))
                .contains(" 431 ");
    }

    @Test
    void shouldRefuseLargeBodiesBeforeTheyAreSent() throws Exception {
        assertThat(exchange(upload("Content-Length: 1000000000\r\n"))).startsWith("HTTP/1.1 413 ");
        assertThat(exchange("PUT /api/v1/inputs/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10000000\r\n"
                        + "Authorization: Bearer " + vertebra.token("operator") + "\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    /** Without a length only counting helps: nothing beyond the limit is kept. */
    @Test
    void shouldRefuseLargeBodiesInChunks() throws Exception {
        try (var socket = connect()) {
            send(socket, upload("Transfer-Encoding: chunked\r\n"));
            var part = "--b\r\nContent-Disposition: form-data; name=\"descriptor\"; filename=\"d\"\r\n\r\n";
            send(socket, Integer.toHexString(part.length()) + "\r\n" + part + "\r\n");
            var chunk = "8000\r\n" + "#".repeat(0x8000) + "\r\n";
            try {
                for (int sent = 0; sent < 1_000; sent++) {
                    send(socket, chunk);
                }
            } catch (SocketException _) {
                // closed: that is the point
            }
            assertThat(readAll(socket))
                    .satisfiesAnyOf(
                            answer -> assertThat(answer).isEmpty(),
                            answer -> assertThat(answer).startsWith("HTTP/1.1 413 "));
        }
    }

    @Test
    void shouldBoundTheNumberOfConnections() throws Exception {
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 4 * CONNECTIONS; i++) {
                sockets.add(connect());
            }
            int closed = 0;
            for (var socket : sockets.subList(CONNECTIONS, sockets.size())) {
                closed += readAll(socket).isEmpty() ? 1 : 0;
            }
            assertThat(closed).isEqualTo(3 * CONNECTIONS);
        } finally {
            for (var socket : sockets) {
                readAll(socket);
                socket.close();
            }
        }
    }

    /** A WebSocket is no request: it stays for longer than one may take. */
    @Test
    void shouldKeepWebSockets() throws Exception {
        try (var client = new LiveClient(vertebra.port())) {
            client.send("{\"type\":\"subscribe\",\"id\":1,\"overview\":true}").next("snapshot");
            assertThat(client.next("next").getInteger("id")).isEqualTo(1);
            assertThat(client.next("next").getInteger("id")).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseWhatIsNotHttp() throws Exception {
        assertThat(exchange("\u0016\u0003\u0001\u0002\u0000\r\n\r\n")).contains(" 400 ");
        assertThat(exchange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")).doesNotContain(" 200 ");
    }

    /** A request whose token is missing is refused without its body. */
    @Test
    void shouldAskForTheTokenFirst() throws Exception {
        assertThat(exchange("POST /api/v1/codelet-sets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000\r\n"
                        + "Content-Type: multipart/form-data; boundary=b\r\n\r\n"))
                .startsWith("HTTP/1.1 401 ");
    }

    private static String upload(String length) {
        return "POST /api/v1/codelet-sets HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + vertebra.token("author") + "\r\nContent-Type: multipart/form-data; boundary=b\r\n" + length + "\r\n";
    }

    /** Sends a piece again and again, and tells that the server ends it. */
    private static boolean trickle(Socket socket, String piece) throws Exception {
        socket.setSoTimeout(20);
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (System.nanoTime() < deadline) {
            try {
                send(socket, piece);
                if (socket.getInputStream().read() < 0) {
                    return true;
                }
            } catch (SocketTimeoutException _) {
                // still open
            } catch (SocketException _) {
                return true;
            }
        }
        return false;
    }

    private static String exchange(String request) throws IOException {
        try (var socket = connect()) {
            send(socket, request);
            return readAll(socket);
        }
    }

    private static Socket connect() throws IOException {
        var socket = new Socket("127.0.0.1", vertebra.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** All that comes until the server closes; a reset ends it too. */
    private static String readAll(Socket socket) throws IOException {
        var text = new StringBuilder();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                text.append((char) next);
            }
        } catch (SocketException _) {
            // reset
        }
        return text.toString();
    }
}

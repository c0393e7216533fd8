package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import io.vertebra.config.HttpLimits;
import io.vertebra.config.HttpSettings;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What 500 hostile connections make the server hold, measured; an honest client is served at the same time. */
@Timeout(120)
class HostileMemoryTest {

    private static final int EACH = 100;

    /** Heap and direct memory beyond those before, for 500 connections and 16 MiB of bodies. */
    private static final long BOUND = 96L << 20;

    private static final String TALLY = "codeletset: tally\ncodelets: [{object: tally.bpf.o, execution: inline}]\n";

    @TempDir
    Path folder;

    private final List<SocketChannel> hostile = new ArrayList<>();
    private Vertebra vertebra;

    @BeforeEach
    void start() throws Exception {
        assertThat(ProbeHooks.HOOKS.choose(0, 0)).isEqualTo(-1);
        var http = HttpSettings.defaults()
                .withPort(0)
                .withRunFolder(folder.resolve("run"))
                .withLimits(new HttpLimits(1_000, 1_000, Duration.ofSeconds(100), 32 << 20, 4));
        vertebra = Vertebra.start(VertebraConfig.defaults().withCores(1).withHttp(http));
    }

    @AfterEach
    void stop() throws Exception {
        for (var channel : hostile) {
            channel.close();
        }
        vertebra.close();
    }

    @Test
    void shouldHoldABoundedAmountForHostileClients() throws Exception {
        serves();
        long before = held();
        var line = "GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n";
        each("GET / HTTP/1.1\r\nHost: localhost\r\nx-slow: ");
        for (var halfClosed : each(line)) {
            halfClosed.shutdownOutput();
        }
        each(line + "x-long: " + "a".repeat(15_000));
        flood(each(""), line + "\r\n");
        flood(each(head("PUT", "/api/v1/inputs/x", "operator", "application/json", 1 << 20)), "#");
        serves();
        long held = held() - before;
        assertThat(held).as("bytes held by %d connections", hostile.size()).isLessThan(BOUND);
        serves();
    }

    @Test
    void shouldRefuseUploadsBeyondItsLimit() throws Exception {
        var first = new ArrayList<SocketChannel>();
        for (int i = 0; i < 4; i++) {
            first.add(connect(head("POST", "/api/v1/codelet-sets", "author", "multipart/form-data; boundary=b", 1 << 20)
                    + "--b\r\n"));
        }
        try (var author = new ApiClient(vertebra, "author")) {
            var refused = author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
            while (refused.status() == 201) { // until all four have arrived
                author.send("DELETE", "codelet-sets/tally", "");
                refused = author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
            }
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(refused.detail()).startsWith("uploads: as much as allowed is under way");
            serves();
            first.getFirst().close();
            var accepted = author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
            while (accepted.status() == 503) { // until the server has noticed
                accepted = author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
            }
            assertThat(accepted.status()).isEqualTo(201);
        } finally {
            hostile.addAll(first);
        }
    }

    /** Bodies that wait in memory have a common bound, whatever their senders say of their length. */
    @Test
    void shouldRefuseBodiesBeyondTheirLimit() throws Exception {
        for (int i = 0; i < 16; i++) {
            var unknown = i % 2 == 0
                    ? head("PUT", "/api/v1/inputs/x", "operator", "application/json", 1 << 20)
                    : head("PUT", "/api/v1/inputs/x", "operator", "application/json", -1);
            hostile.add(connect(unknown));
        }
        try (var operator = new ApiClient(vertebra, "operator")) {
            var refused = operator.send("PUT", "inputs/x", "{}");
            while (refused.status() == 404) { // until all of them have arrived
                refused = operator.send("PUT", "inputs/x", "{}");
            }
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            serves();
        }
    }

    /** Parts of a form are files: thousands of them are no upload. */
    @Test
    void shouldRefuseUploadsOfTooManyParts() throws Exception {
        var part = "--b\r\nContent-Disposition: form-data; name=\"object\"; filename=\"x\"\r\n\r\n\r\n";
        var body = part.repeat(10_000) + "--b--\r\n";
        var head = head("POST", "/api/v1/codelet-sets", "author", "multipart/form-data; boundary=b", body.length());
        for (int i = 0; i < 20; i++) { // files are opened and closed in any order
            try (var socket = new Socket("127.0.0.1", vertebra.port())) {
                socket.getOutputStream().write((head + body).getBytes(StandardCharsets.ISO_8859_1));
                var status = new String(socket.getInputStream().readNBytes(13), StandardCharsets.ISO_8859_1);
                assertThat(status).isEqualTo("HTTP/1.1 400 ");
            }
        }
        serves();
    }

    private List<SocketChannel> each(String beginning) throws IOException {
        var opened = new ArrayList<SocketChannel>();
        for (int i = 0; i < EACH; i++) {
            opened.add(connect(beginning));
        }
        hostile.addAll(opened);
        return opened;
    }

    /** Sends the same again and again, up to 512 KiB each, as long as the server takes it, and reads nothing. */
    private static void flood(List<SocketChannel> channels, String what) throws IOException {
        var bytes = what.repeat((64 << 10) / what.length()).getBytes(StandardCharsets.ISO_8859_1);
        for (int round = 0; round < 8; round++) {
            for (var channel : channels) {
                try {
                    channel.configureBlocking(false);
                    channel.write(ByteBuffer.wrap(bytes));
                } catch (IOException _) {
                    // closed by the server: the better
                }
            }
        }
    }

    private SocketChannel connect(String beginning) throws IOException {
        var channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", vertebra.port()));
        channel.write(ByteBuffer.wrap(beginning.getBytes(StandardCharsets.ISO_8859_1)));
        return channel;
    }

    private String head(String method, String path, String role, String type, int length) {
        return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + vertebra.token(role)
                + "\r\nContent-Type: " + type + "\r\n"
                + (length < 0 ? "Transfer-Encoding: chunked" : "Content-Length: " + length) + "\r\n\r\n";
    }

    private void serves() throws Exception {
        try (var client = new ApiClient(vertebra, "")) {
            assertThat(client.get("hooks").status()).isEqualTo(200);
        }
    }

    private static long held() {
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                + direct
                + Math.max(0, PlatformDependent.usedDirectMemory());
    }
}

package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.vertebra.config.HttpSettings;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What brings jbpf's life-cycle port down when it is done often enough (its defects in loads, sockets and descriptors). */
@Timeout(120)
class RepeatedRequestsTest {

    private static final int TIMES = 100;
    private static final String GOOD = "codeletset: tally\ncodelets: [{object: tally.bpf.o, execution: inline}]\n";
    private static final String BAD = "codeletset: bad\ncodelets: [{object: tally.bpf.o}, {object: rejected.bpf.o}]\n";

    @TempDir
    static Path folder;

    private static Vertebra vertebra;
    private static ApiClient author;

    @BeforeAll
    static void start() throws Exception {
        assertThat(ProbeHooks.HOOKS.choose(0, 0)).isEqualTo(-1);
        var http = HttpSettings.defaults().withPort(0).withRunFolder(folder.resolve("run"));
        vertebra = Vertebra.start(VertebraConfig.defaults().withCores(1).withHttp(http));
        author = new ApiClient(vertebra, "author");
    }

    @AfterAll
    static void stop() {
        author.close();
        vertebra.close();
    }

    @AfterEach
    void unload() {
        vertebra.runtime().sets().forEach(set -> set.unload());
    }

    /** A set of a good and a bad codelet leaves nothing behind. */
    @Test
    void shouldLoadAfterManyFailedLoads() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            assertThat(author.upload("POST", "codelet-sets", BAD, "tally.bpf.o", "rejected.bpf.o")
                            .status())
                    .isEqualTo(422);
        }
        assertThat(author.upload("POST", "codelet-sets", GOOD, "tally.bpf.o").status())
                .isEqualTo(201);
    }

    /** Clients that leave in the middle of an answer, or before they have said anything, harm nobody. */
    @Test
    void shouldServeAfterManyClientsHaveLeft() throws Exception {
        for (int i = 0; i < TIMES; i++) {
            try (var silent = new Socket("127.0.0.1", vertebra.port());
                    var hasty = new Socket("127.0.0.1", vertebra.port())) {
                silent.setSoLinger(true, 0); // a reset, not an end
                hasty.setSoLinger(true, 0);
                send(hasty, "GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n");
            }
        }
        assertThat(author.get("hooks").status()).isEqualTo(200);
    }

    /** A request that cannot be read is nothing, above all not the one before it. */
    @Test
    void shouldNotRepeatARequestForAMalformedOne() throws Exception {
        author.upload("POST", "codelet-sets", GOOD, "tally.bpf.o");
        author.send("DELETE", "codelet-sets/tally", "");
        int events = author.get("events").array().size();
        var head =
                "POST /api/v1/codelet-sets HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                        + vertebra.token("author") + "\r\nContent-Type: multipart/form-data; boundary=b\r\n";
        for (var body : new String[] {"", "--b\r\n", "--b--\r\n", "#".repeat(500)}) {
            try (var socket = new Socket("127.0.0.1", vertebra.port())) {
                send(socket, head + "Content-Length: " + body.length() + "\r\n\r\n" + body);
                var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
                assertThat(answer).as(body).startsWith("HTTP/1.1 400 ");
            }
        }
        assertThat(vertebra.runtime().sets()).isEmpty();
        assertThat(author.get("events").array()).hasSize(events);
    }

    /** Each request gives back the file descriptors that it took. */
    @Test
    void shouldKeepNoFilesOpen() throws Exception {
        round();
        long before = openFiles();
        for (int i = 0; i < TIMES; i++) {
            round();
        }
        // a connection or two may be about to close
        assertThat(openFiles()).isLessThan(before + TIMES / 5);
    }

    private void round() throws Exception {
        assertThat(author.upload("PUT", "codelet-sets/tally", GOOD, "tally.bpf.o")
                        .status())
                .isIn(200, 201);
        assertThat(author.upload("POST", "codelet-sets", BAD, "tally.bpf.o", "rejected.bpf.o")
                        .status())
                .isEqualTo(422);
        assertThat(author.send("DELETE", "codelet-sets/tally", "").status()).isEqualTo(204);
    }

    private static long openFiles() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getOpenFileDescriptorCount();
    }

    private static void send(Socket socket, String text) throws Exception {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}

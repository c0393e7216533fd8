package io.vertebra.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * The tests' Kafka broker, in a process of its own.
 *
 * @param process the broker
 * @param bootstrap its address
 */
record Broker(Process process, String bootstrap) implements AutoCloseable {

    private static final String PROGRAM = "io.vertebra.connectors.KafkaBroker";

    /**
     * Starts one, and waits until it accepts connections.
     *
     * @throws IOException when it does not start
     */
    static Broker start(Path folder) throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-classpath",
                        System.getProperty("java.class.path"),
                        PROGRAM,
                        folder.toString(),
                        Integer.toString(port))
                .redirectErrorStream(true)
                .start();
        var said = new StringBuilder();
        var lines = process.inputReader();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("broker ")) {
                Thread.ofVirtual().start(() -> readOn(lines));
                return new Broker(process, line.substring("broker ".length()));
            }
            said.append(line).append('\n');
        }
        throw new IOException("no Kafka broker, it is only there when tests are built: " + said);
    }

    /** Or it would wait for a reader. */
    private static void readOn(BufferedReader lines) {
        try (lines) {
            lines.transferTo(Writer.nullWriter());
        } catch (IOException _) {
            // it has ended
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
        process.destroyForcibly().onExit().join();
    }
}

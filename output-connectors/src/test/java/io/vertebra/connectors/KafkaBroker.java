package io.vertebra.connectors;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A Kafka broker inside the test's own JVM: one node that is its own KRaft controller, on a free port of 127.0.0.1.
 *
 * <p>The first start in a folder formats it. A later start in the same folder finds the topics and records of the
 * earlier one, so that a test can take the broker away and bring it back: give {@link #start(Path, int)} the same port.
 * A test that must kill the broker without a clean stop starts {@link #main} in a process of its own.
 *
 * <p>Topics are made when they are first used, with one partition.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int NODE = 1;

    private final KafkaRaftServer server;
    private final int port;

    private KafkaBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Starts a broker that keeps its data in the folder and returns when it accepts connections. */
    public static KafkaBroker start(Path folder) throws IOException {
        return start(folder, freePort());
    }

    /** Starts a broker on a given port, for a broker that comes back under the address it had. */
    public static KafkaBroker start(Path folder, int port) throws IOException {
        return start(folder, port, Map.of());
    }

    /** Starts a broker with more settings, for one that refuses what this one allows. */
    public static KafkaBroker start(Path folder, int port, Map<String, String> more) throws IOException {
        int controllerPort = freePort();
        while (controllerPort == port) {
            controllerPort = freePort();
        }
        Map<String, String> settings = new HashMap<>(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE)),
                Map.entry("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("log.dirs", folder.toAbsolutePath().toString()),
                // one node cannot replicate, and one partition of each internal topic is enough
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                // a test does not wait for more consumers to join, and has a small heap
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                Map.entry("num.io.threads", "2"),
                Map.entry("num.network.threads", "1")));
        settings.putAll(more);
        format(folder);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
        return new KafkaBroker(server, port);
    }

    /** A broker until the process ends: its folder and port. */
    public static void main(String[] arguments) throws Exception {
        var broker = start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println("broker " + broker.bootstrap());
        new CountDownLatch(1).await();
    }

    /** Starts a broker in a process of its own, to be stopped or killed; returns when it accepts connections. */
    public static Process process(Path folder, int port) throws IOException {
        var process = ChildJvm.of(KafkaBroker.class, folder.toString(), String.valueOf(port))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var said = process.inputReader(); // stays open, or the broker's log would have nowhere to go
        for (var line = said.readLine(); !("broker " + HOST + ":" + port).equals(line); line = said.readLine()) {
            if (line == null) {
                throw new IOException("the broker has ended");
            }
        }
        Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
        return process;
    }

    /** The value of {@code bootstrap.servers} for clients. */
    public String bootstrap() {
        return HOST + ":" + port;
    }

    /** The port that clients connect to. */
    public int port() {
        return port;
    }

    /** Stops the broker; its data stays. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void format(Path folder) throws IOException {
        Files.createDirectories(folder);
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(NODE)
                .setClusterId("vertebra-test-broker-1")
                .addDirectory(folder.toAbsolutePath().toString())
                .setMetadataLogDirectory(Optional.empty())
                .setControllerListenerName("CONTROLLER")
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setIgnoreFormatted(true);
        try {
            formatter.run();
        } catch (Exception e) { // declared as such by Kafka
            throw new IOException("cannot format " + folder, e);
        }
    }

    /** A port that nobody listens on. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }
}

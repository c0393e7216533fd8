package io.vertebra.verticles;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.connectors.kafka.KafkaSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What Vertebra is started with. Immutable.
 *
 * @param runtime cores, rings, slots
 * @param host address of the HTTP port; only loopback addresses, because there is no TLS and no token yet
 * @param port HTTP port, 0 for any free one
 * @param connectors settings by the connector's name; the type of the settings decides which connector it is
 * @param connectorQueueBytes bytes that may wait in front of each connector
 * @param maxSeries series of each declared metric; the rest is shown as {@code other}
 * @param closeDeadline how long {@link Vertebra#close} waits for records on their way
 */
public record VertebraConfig(
        RuntimeSettings runtime,
        String host,
        int port,
        Map<String, Record> connectors,
        long connectorQueueBytes,
        int maxSeries,
        Duration closeDeadline) {

    /** The port when none is given. */
    public static final int DEFAULT_PORT = 7700;

    /** Names in accounts that are taken. */
    private static final List<String> PLACES = List.of("output", "live", "live-clients");

    private static final int MAX_PORT = 65_535;
    private static final long DEFAULT_QUEUE_BYTES = 16L << 20;
    private static final long MIN_QUEUE_BYTES = 64L << 10;
    private static final int DEFAULT_SERIES = 10_000;

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException naming the first that does not fit, and what is allowed
     */
    public VertebraConfig {
        connectors = Collections.unmodifiableMap(new LinkedHashMap<>(connectors));
        for (var name : connectors.keySet()) {
            if (PLACES.contains(name)) {
                throw new IllegalArgumentException("connectors: name `" + name + "`, allowed is any but " + PLACES);
            }
        }
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("http.port: " + port + ", allowed is 0 to " + MAX_PORT);
        }
        if (!isLoopback(host)) {
            throw new IllegalArgumentException("http.host: `" + host
                    + "`, allowed is a loopback address: anything else needs TLS and a token, which this"
                    + " version does not have");
        }
        if (connectorQueueBytes < MIN_QUEUE_BYTES) {
            throw new IllegalArgumentException(
                    "connector_queue_bytes: " + connectorQueueBytes + ", allowed is at least " + MIN_QUEUE_BYTES);
        }
        if (maxSeries < 1) {
            throw new IllegalArgumentException("max_series: " + maxSeries + ", allowed is at least 1");
        }
        if (closeDeadline.isNegative()) {
            throw new IllegalArgumentException("close_deadline: " + closeDeadline + ", allowed is 0 or more");
        }
    }

    /** One core for each processor, port {@value #DEFAULT_PORT} of 127.0.0.1, no connector but the live view. */
    public static VertebraConfig defaults() {
        return new VertebraConfig(
                RuntimeSettings.defaults(),
                "127.0.0.1",
                DEFAULT_PORT,
                Map.of(),
                DEFAULT_QUEUE_BYTES,
                DEFAULT_SERIES,
                Duration.ofSeconds(10));
    }

    /** This configuration with other runtime settings. */
    public VertebraConfig withRuntime(RuntimeSettings settings) {
        return new VertebraConfig(settings, host, port, connectors, connectorQueueBytes, maxSeries, closeDeadline);
    }

    /** This configuration with a number of cores. */
    public VertebraConfig withCores(int cores) {
        return withRuntime(RuntimeSettings.ofCores(cores));
    }

    /** This configuration with another HTTP port, 0 for any free one. */
    public VertebraConfig withPort(int newPort) {
        return new VertebraConfig(runtime, host, newPort, connectors, connectorQueueBytes, maxSeries, closeDeadline);
    }

    /** This configuration with one more connector. */
    public VertebraConfig withConnector(String name, Record settings) {
        var more = new LinkedHashMap<>(connectors);
        more.put(name, settings);
        return new VertebraConfig(runtime, host, port, more, connectorQueueBytes, maxSeries, closeDeadline);
    }

    /** This configuration with a connector {@code kafka} that has default settings. */
    public VertebraConfig withKafka(String bootstrapServers) {
        return withConnector("kafka", KafkaSettings.of(bootstrapServers));
    }

    /** This configuration with another size of the connectors' queues. */
    public VertebraConfig withConnectorQueueBytes(long bytes) {
        return new VertebraConfig(runtime, host, port, connectors, bytes, maxSeries, closeDeadline);
    }

    /** This configuration with another deadline for {@link Vertebra#close}. */
    public VertebraConfig withCloseDeadline(Duration deadline) {
        return new VertebraConfig(runtime, host, port, connectors, connectorQueueBytes, maxSeries, deadline);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

package io.vertebra.verticles;

import io.vertebra.config.AdmissionSettings;
import io.vertebra.config.ClusterSettings;
import io.vertebra.config.HttpSettings;
import io.vertebra.config.KafkaSettings;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.config.ServerSettings;
import io.vertebra.config.ServerSettings.Outputs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Vertebra is started with. Immutable.
 *
 * @param runtime cores, rings, slots
 * @param http the HTTP port
 * @param admission which codelet sets may be loaded
 * @param connectors settings by the connector's name; the type of the settings decides which connector it is
 * @param outputs queues, metrics and the spool; {@link Vertebra#close} waits for the deadline that it has
 * @param cluster the fleet to join; empty for none
 */
public record VertebraConfig(
        RuntimeSettings runtime,
        HttpSettings http,
        AdmissionSettings admission,
        Map<String, Record> connectors,
        Outputs outputs,
        Optional<ClusterSettings> cluster) {

    /** Names in accounts that are taken. */
    private static final List<String> PLACES = List.of("output", "live", "live-clients");

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
    }

    /** One core for each processor, port {@value HttpSettings#DEFAULT_PORT} of 127.0.0.1, no connector but the live view. */
    public static VertebraConfig defaults() {
        return of(ServerSettings.defaults());
    }

    /** The configuration that a standalone Vertebra's settings describe. */
    public static VertebraConfig of(ServerSettings settings) {
        var config = new VertebraConfig(
                settings.runtime(),
                settings.http(),
                settings.admission(),
                Map.of(),
                settings.outputs(),
                settings.cluster());
        if (settings.log().isPresent()) {
            config = config.withConnector("log", settings.log().get());
        }
        if (settings.kafka().isPresent()) {
            config = config.withConnector("kafka", settings.kafka().get());
        }
        return config;
    }

    /** This configuration with other runtime settings. */
    public VertebraConfig withRuntime(RuntimeSettings settings) {
        return new VertebraConfig(settings, http, admission, connectors, outputs, cluster);
    }

    /** This configuration with a number of cores. */
    public VertebraConfig withCores(int cores) {
        return withRuntime(RuntimeSettings.ofCores(cores));
    }

    /** This configuration with another HTTP port, 0 for any free one. */
    public VertebraConfig withPort(int port) {
        return withHttp(http.withPort(port));
    }

    /** This configuration with other settings of the HTTP port. */
    public VertebraConfig withHttp(HttpSettings settings) {
        return new VertebraConfig(runtime, settings, admission, connectors, outputs, cluster);
    }

    /** This configuration with other rules for codelet sets. */
    public VertebraConfig withAdmission(AdmissionSettings settings) {
        return new VertebraConfig(runtime, http, settings, connectors, outputs, cluster);
    }

    /** This configuration with one more connector. */
    public VertebraConfig withConnector(String name, Record settings) {
        var more = new LinkedHashMap<>(connectors);
        more.put(name, settings);
        return new VertebraConfig(runtime, http, admission, more, outputs, cluster);
    }

    /** This configuration with a connector {@code kafka} that has default settings. */
    public VertebraConfig withKafka(String bootstrapServers) {
        return withConnector("kafka", KafkaSettings.of(bootstrapServers));
    }

    /** This configuration with other queues, metrics and spool. */
    public VertebraConfig withOutputs(Outputs settings) {
        return new VertebraConfig(runtime, http, admission, connectors, settings, cluster);
    }

    /** This configuration with a folder for streams that are delivered at least once. */
    public VertebraConfig withSpool(Path folder) {
        return withOutputs(
                new Outputs(outputs.queueBytes(), outputs.maxSeries(), outputs.closeDeadline(), Optional.of(folder)));
    }

    /** This configuration with another size of the connectors' queues. */
    public VertebraConfig withConnectorQueueBytes(long bytes) {
        return withOutputs(new Outputs(bytes, outputs.maxSeries(), outputs.closeDeadline(), outputs.spool()));
    }

    /** This configuration with another deadline for {@link Vertebra#close}. */
    public VertebraConfig withCloseDeadline(Duration deadline) {
        return withOutputs(new Outputs(outputs.queueBytes(), outputs.maxSeries(), deadline, outputs.spool()));
    }

    /** This configuration as a member of a fleet. */
    public VertebraConfig withCluster(ClusterSettings settings) {
        return new VertebraConfig(runtime, http, admission, connectors, outputs, Optional.of(settings));
    }
}

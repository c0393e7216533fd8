package io.vertebra.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a standalone Vertebra is started with, as {@code reference.yaml} explains it key by key. Read by {@link
 * ServerSettingsReader}. Immutable.
 *
 * @param runtime cores, rings, slots
 * @param http the HTTP port
 * @param admission which codelet sets may be loaded
 * @param outputs connectors' queues and metrics
 * @param log where records go as lines; empty for nowhere
 * @param kafka the Kafka brokers that streams go to; empty for none
 * @param cluster the fleet that it is a member of; empty for none
 * @param codeletSets descriptors of sets to load at start, in this order
 */
public record ServerSettings(
        RuntimeSettings runtime,
        HttpSettings http,
        AdmissionSettings admission,
        Outputs outputs,
        Optional<LogSettings> log,
        Optional<KafkaSettings> kafka,
        Optional<ClusterSettings> cluster,
        List<Path> codeletSets) {

    /** Makes the list immutable. */
    public ServerSettings {
        codeletSets = List.copyOf(codeletSets);
    }

    /** The defaults of every part. */
    public static ServerSettings defaults() {
        return new ServerSettings(
                RuntimeSettings.defaults(),
                HttpSettings.defaults(),
                AdmissionSettings.OPEN,
                Outputs.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /**
     * The section {@code outputs}.
     *
     * @param queueBytes bytes that may wait in front of each connector, at least 64 KiB
     * @param maxSeries series of each declared metric, at least 1; the rest is shown as {@code other}
     * @param closeDeadline how long a stop waits for records on their way
     * @param spool the folder where streams that are delivered at least once keep their records; empty for none
     */
    public record Outputs(long queueBytes, int maxSeries, Duration closeDeadline, Optional<Path> spool) {

        /** 16 MiB, 10,000 series, 10 seconds, no spool. */
        public static final Outputs DEFAULT = new Outputs(16L << 20, 10_000, Duration.ofSeconds(10), Optional.empty());

        private static final long MIN_QUEUE = 64L << 10;

        /**
         * Checks every value.
         *
         * @throws ConfigException naming all that do not fit
         */
        public Outputs {
            List<String> problems = new ArrayList<>();
            if (queueBytes < MIN_QUEUE) {
                problems.add("outputs.queue_bytes: " + queueBytes + ", allowed is at least " + MIN_QUEUE);
            }
            if (maxSeries < 1) {
                problems.add("outputs.max_series: " + maxSeries + ", allowed is at least 1");
            }
            if (closeDeadline.isNegative()) {
                problems.add("outputs.close_deadline: " + closeDeadline + ", allowed is 0 or more");
            }
            if (!problems.isEmpty()) {
                throw new ConfigException("settings", problems);
            }
        }
    }
}

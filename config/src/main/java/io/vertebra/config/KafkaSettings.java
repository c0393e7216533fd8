package io.vertebra.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings of the Kafka connector.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param topicPrefix stream {@code slow} goes to topic {@code <prefix>slow}; characters of topic names, at most 200
 * @param startTimeout how long the broker may take to answer at start, 100 ms to 10 minutes
 * @param deliveryTimeout how long a record may stay unacknowledged before it is given up, 100 ms to an hour
 * @param cloudEvents how an event becomes a record of Kafka
 * @param properties for the producer and the admin client, after Vertebra's own
 */
public record KafkaSettings(
        String bootstrapServers,
        String topicPrefix,
        Duration startTimeout,
        Duration deliveryTimeout,
        CloudEventsMode cloudEvents,
        Properties properties) {

    /** How CloudEvents' Kafka protocol binding writes an event. */
    public enum CloudEventsMode {
        /** The record is the value, in its stream's format; attributes are headers. */
        BINARY,
        /** The value is the whole event, as JSON. */
        STRUCTURED
    }

    /** The modes as files name them. */
    static final Map<String, CloudEventsMode> MODES =
            Map.of("binary", CloudEventsMode.BINARY, "structured", CloudEventsMode.STRUCTURED);

    static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{0,200}");
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST_START = Duration.ofMinutes(10);
    private static final Duration MOST_DELIVERY = Duration.ofHours(1);

    /**
     * Properties of Kafka's clients, for example for security. Their text has the names only: values may be secrets.
     *
     * @param values by name
     */
    public record Properties(Map<String, String> values) {

        /** What others settings say, or what the promises of the connector rest on. */
        private static final Set<String> TAKEN = Set.of(
                "acks",
                "bootstrap.servers",
                "delivery.timeout.ms",
                "enable.idempotence",
                "key.serializer",
                "value.serializer");

        /** No properties. */
        public static final Properties NONE = new Properties(Map.of());

        /** Makes the map immutable. */
        public Properties {
            values = Map.copyOf(values);
        }

        @Override
        public String toString() {
            return String.join(",", new TreeMap<>(values).keySet());
        }
    }

    /**
     * Checks every value.
     *
     * @throws ConfigException naming all that do not fit
     */
    public KafkaSettings {
        List<String> problems = new ArrayList<>();
        if (bootstrapServers.isBlank()) {
            problems.add("kafka.bootstrap_servers: empty, allowed is host:port,host:port");
        }
        if (!TOPIC.matcher(topicPrefix).matches()) {
            problems.add("kafka.topic_prefix: `" + topicPrefix + "`, allowed is text of the form " + TOPIC.pattern());
        }
        range(problems, "kafka.start_timeout", startTimeout, MOST_START);
        range(problems, "kafka.delivery_timeout", deliveryTimeout, MOST_DELIVERY);
        for (var name : new TreeMap<>(properties.values()).keySet()) {
            if (Properties.TAKEN.contains(name)) {
                problems.add("kafka.properties." + name + ": is Vertebra's own, allowed is any other name");
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException("kafka settings", problems);
        }
    }

    /** The defaults: topics {@code vertebra.<stream>}, 5 s to start, 30 s to deliver, events in binary mode. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(
                bootstrapServers,
                "vertebra.",
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                CloudEventsMode.BINARY,
                Properties.NONE);
    }

    /** These settings with another way to write events. */
    public KafkaSettings withCloudEvents(CloudEventsMode mode) {
        return new KafkaSettings(bootstrapServers, topicPrefix, startTimeout, deliveryTimeout, mode, properties);
    }

    private static void range(List<String> problems, String path, Duration value, Duration most) {
        if (value.compareTo(LEAST) < 0 || value.compareTo(most) > 0) {
            problems.add(path + ": " + value.toMillis() + "ms, allowed is 100ms to " + most.toSeconds() + "s");
        }
    }
}

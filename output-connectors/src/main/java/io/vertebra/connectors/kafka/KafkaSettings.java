package io.vertebra.connectors.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * Settings of the Kafka connector.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param topicPrefix stream {@code slow} goes to topic {@code <prefix>slow}
 * @param startTimeout how long the broker may take to answer at start
 * @param deliveryTimeout how long a record may stay unacknowledged before it is given up
 * @param properties passed to the producer and admin client as they are, after Vertebra's own: security settings, for example
 */
public record KafkaSettings(
        String bootstrapServers,
        String topicPrefix,
        Duration startTimeout,
        Duration deliveryTimeout,
        Map<String, String> properties) {

    /** Names the first value that does not fit. */
    public KafkaSettings {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("kafka.bootstrap_servers is empty: give host:port");
        }
        Objects.requireNonNull(topicPrefix, "topicPrefix");
        requirePositive("kafka.start_timeout", startTimeout);
        requirePositive("kafka.delivery_timeout", deliveryTimeout);
        properties = Map.copyOf(properties);
    }

    /** The defaults: topics {@code vertebra.<stream>}, 5 s to start, 30 s to deliver. */
    public static KafkaSettings of(String bootstrapServers) {
        return new KafkaSettings(
                bootstrapServers, "vertebra.", Duration.ofSeconds(5), Duration.ofSeconds(30), Map.of());
    }

    private static void requirePositive(String path, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(path + " is " + value + ": must be positive");
        }
    }
}

package io.vertebra.connectors.kafka;

import io.vertebra.config.KafkaSettings;
import io.vertebra.connectors.spi.ConnectorException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The clients of Kafka as this connector needs them: idempotent, {@code acks=all}. */
final class ClientConfig {

    /** Longest time that one call of a producer may block. */
    static final int MAX_BLOCK_MILLIS = 500;

    /** As good as never: 24 days. */
    static final Duration NEVER = Duration.ofMillis(Integer.MAX_VALUE);

    private static final int LINGER_MILLIS = 5;
    private static final int BATCH_BYTES = 128 * 1024;
    private static final int REQUEST_MILLIS = 10_000;

    private ClientConfig() {}

    /**
     * A client for topics.
     *
     * @throws ConnectorException when the settings are none of Kafka's
     */
    static Admin admin(KafkaSettings settings) {
        var config = new HashMap<String, Object>();
        int timeout = (int) settings.startTimeout().toMillis();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeout);
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
        config.putAll(settings.properties().values());
        return made(() -> Admin.create(config));
    }

    /**
     * A producer.
     *
     * @param name of the client, in the broker's logs
     * @param delivery how long a record may stay unacknowledged
     * @throws ConnectorException when the settings are none of Kafka's
     */
    static Producer<byte[], byte[]> producer(KafkaSettings settings, String name, Duration delivery) {
        var config = new HashMap<String, Object>();
        int millis = (int) delivery.toMillis();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(ProducerConfig.CLIENT_ID_CONFIG, name);
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(REQUEST_MILLIS, millis - LINGER_MILLIS));
        // The default, rebootstrap, forgets the topic while the broker is away, and then every send blocks.
        config.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        config.putAll(settings.properties().values());
        if (delivery.equals(NEVER)) {
            config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
        }
        return made(
                () -> new KafkaProducer<>(Map.copyOf(config), new ByteArraySerializer(), new ByteArraySerializer()));
    }

    private static <T> T made(Supplier<T> client) {
        try {
            return client.get();
        } catch (KafkaException e) { // a property that Kafka does not take; the reason is the cause
            var reason = e.getCause() == null ? e : e.getCause();
            throw new ConnectorException("kafka client cannot be made: " + reason.getMessage(), e);
        }
    }
}

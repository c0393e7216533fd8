package io.vertebra.connectors.kafka;

import io.vertebra.config.KafkaSettings;
import io.vertebra.connectors.spi.Connector;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.connectors.spi.ConnectorThread;
import io.vertebra.connectors.spi.LossLog;
import io.vertebra.connectors.spi.WriteResult;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records to Kafka with an idempotent producer and {@code acks=all}. Delivered means acknowledged by all in-sync
 * replicas; a record that is not after {@link KafkaSettings#deliveryTimeout} is given up and counted.
 *
 * <p>While the broker is away, records first wait in the producer's buffer; when that is full each batch waits at most
 * {@value #MAX_BLOCK_MILLIS} ms before it is given up.
 */
public final class KafkaConnector implements Connector {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaConnector.class);

    /** Longest time that one call of the producer may block. */
    private static final int MAX_BLOCK_MILLIS = 500;

    /** Batches that may be unacknowledged: enough that a round trip costs no throughput. */
    private static final int WRITES_IN_FLIGHT = 64;

    private static final int LINGER_MILLIS = 5;
    private static final int BATCH_BYTES = 128 * 1024;

    private final ConnectorContext context;
    private final KafkaSettings settings;
    private final ConnectorThread thread;
    private final LossLog losses;
    private final Map<String, CloudEvents> streams = new HashMap<>();
    private volatile boolean stopping;
    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;

    KafkaConnector(ConnectorContext context, KafkaSettings settings) {
        this.context = context;
        this.settings = settings;
        this.losses = new LossLog(context.name());
        this.thread = new ConnectorThread(context.name());
    }

    @Override
    public Future<Void> start() {
        Future<Void> opened = thread.call(this::open);
        return opened.onFailure(_ -> {
            thread.execute(this::closeAdmin);
            thread.end();
        });
    }

    private Void open() throws InterruptedException {
        BrokerCheck.requireReachable(settings);
        try {
            admin = Admin.create(adminConfig(settings));
            BrokerCheck.requireCluster(admin, settings);
            producer = new KafkaProducer<>(producerConfig(), new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) { // a property that Kafka does not take; the reason is the cause
            var reason = e.getCause() == null ? e : e.getCause();
            throw new ConnectorException("kafka client cannot be made: " + reason.getMessage(), e);
        }
        return null;
    }

    @Override
    public Future<WriteResult> write(OutputBatch batch) {
        var promise = Promise.<WriteResult>promise();
        thread.execute(() -> send(batch, new PendingWrite(batch.size(), promise, losses)));
        return promise.future();
    }

    @Override
    public Future<Void> stop(Duration grace) {
        stopping = true;
        long deadline = System.nanoTime() + grace.toNanos();
        Future<Void> stopped = thread.call(() -> {
            producer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            closeAdmin();
            return null;
        });
        thread.end();
        return stopped;
    }

    @Override
    public int writesInFlight() {
        return WRITES_IN_FLIGHT;
    }

    /** On the connector's thread. */
    private void send(OutputBatch batch, PendingWrite write) {
        int sent = 0;
        try {
            var events = prepared(batch);
            var time = CloudEvents.time(batch);
            boolean blocked = false;
            while (sent < batch.size() && !blocked && !stopping) {
                var event = events.encode(batch, sent, time);
                var ack = write.ack();
                sent++;
                blocked = send(event, ack);
            }
        } catch (RuntimeException e) {
            losses.lost(batch.size() - sent, e);
        } finally {
            write.fail(batch.size() - sent);
        }
    }

    /** Whether the call had to give up waiting: then the rest of the batch would only wait as long again. */
    private boolean send(ProducerRecord<byte[], byte[]> event, PendingWrite.Ack ack) {
        try {
            var _ = producer.send(event, ack); // the callback tells
        } catch (KafkaException | IllegalStateException e) {
            ack.onCompletion(null, e); // thrown instead of reported: fatal to the producer
        }
        return ack.error() instanceof TimeoutException;
    }

    /** The stream's form, after its topic was made sure of: the first record must not pay for creating it. */
    private CloudEvents prepared(OutputBatch batch) {
        var name = batch.stream().name();
        var known = streams.get(name);
        if (known != null) {
            return known;
        }
        var topic = settings.topicPrefix() + name;
        createTopic(topic);
        awaitTopic(topic);
        var events = new CloudEvents(context, topic, settings.cloudEvents());
        streams.put(name, events);
        return events;
    }

    private void createTopic(String topic) {
        try {
            admin.createTopics(Set.of(new NewTopic(topic, Optional.empty(), Optional.empty())))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            LOG.debug(
                    "topic `{}` not created: {}",
                    topic,
                    e.getCause().getMessage()); // it is there already, or we may not
        } catch (InterruptedException e) {
            throw new ConnectorException("interrupted while creating topic `" + topic + "`", e);
        }
    }

    private void awaitTopic(String topic) {
        long deadline = System.nanoTime() + settings.startTimeout().toNanos();
        while (true) {
            try {
                producer.partitionsFor(topic);
                return;
            } catch (TimeoutException e) {
                if (stopping || System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
        }
    }

    private void closeAdmin() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    static Map<String, Object> adminConfig(KafkaSettings settings) {
        var config = new HashMap<String, Object>();
        int timeout = (int) settings.startTimeout().toMillis();
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeout);
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeout);
        config.putAll(settings.properties().values());
        return config;
    }

    private Map<String, Object> producerConfig() {
        var config = new HashMap<String, Object>();
        int delivery = (int) settings.deliveryTimeout().toMillis();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(ProducerConfig.CLIENT_ID_CONFIG, "vertebra-" + context.name());
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK_MILLIS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, delivery);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(10_000, delivery - LINGER_MILLIS));
        // The default, rebootstrap, forgets the topic while the broker is away, and then every send blocks.
        config.put(CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG, "none");
        config.putAll(settings.properties().values());
        return config;
    }
}

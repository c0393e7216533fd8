package io.vertebra.connectors.kafka;

import io.vertebra.config.KafkaSettings;
import io.vertebra.connectors.spi.Attempt;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.connectors.spi.ConnectorThread;
import io.vertebra.connectors.spi.DurableConnector;
import io.vertebra.connectors.spi.LossLog;
import io.vertebra.connectors.spi.SendResult;
import io.vertebra.connectors.spi.WriteResult;
import io.vertebra.runtime.output.OutputBatch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records to Kafka with an idempotent producer and {@code acks=all}. Delivered means acknowledged by all in-sync
 * replicas; a record that is not after {@link KafkaSettings#deliveryTimeout} is given up and counted.
 *
 * <p>While the broker is away, records first wait in the producer's buffer; when that is full each batch waits at most
 * half a second before it is given up. Streams that are delivered at least once take another way, through the spool: see
 * {@link DurableSender}.
 */
public final class KafkaConnector implements DurableConnector {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaConnector.class);

    /** Batches that may be unacknowledged: enough that a round trip costs no throughput. */
    private static final int WRITES_IN_FLIGHT = 64;

    /** Batches that wait encoded, several times their size, for the producer to take them: enough to have the next one. */
    private static final int ENCODED_AHEAD = 2;

    private final ConnectorContext context;
    private final KafkaSettings settings;
    private final ConnectorThread encoder;
    private final ConnectorThread thread;
    private final Semaphore ahead = new Semaphore(ENCODED_AHEAD);
    private final LossLog losses;
    private final DurableSender sender;
    private final Map<String, CloudEvents> streams = new HashMap<>(); // the encoder's
    private final Map<String, CloudEvents> spooled = new HashMap<>(); // the spool's thread's
    private volatile boolean stopping;
    private Admin admin;
    private Producer<byte[], byte[]> producer;
    private Topics topics;

    KafkaConnector(ConnectorContext context, KafkaSettings settings) {
        this.context = context;
        this.settings = settings;
        this.losses = new LossLog(context.name());
        this.encoder = new ConnectorThread(context.name() + "-encode");
        this.thread = new ConnectorThread(context.name());
        this.sender = new DurableSender(settings, context.name());
    }

    @Override
    public Future<Void> start() {
        Future<Void> opened = thread.call(this::open);
        return opened.onFailure(_ -> {
            thread.execute(this::closeAdmin);
            thread.end();
            encoder.end();
            sender.close(Duration.ZERO);
        });
    }

    private Void open() throws InterruptedException {
        admin = ClientConfig.admin(settings);
        try {
            BrokerCheck.requireReachable(settings);
            BrokerCheck.requireCluster(admin, settings);
        } catch (ConnectorException e) {
            if (!context.spooled()) {
                throw e;
            }
            LOG.warn(
                    "{}; until then, records of streams with delivery at-least-once wait in the spool", e.getMessage());
        }
        producer = ClientConfig.producer(settings, "vertebra-" + context.name(), settings.deliveryTimeout());
        topics = new Topics(admin, settings.startTimeout(), () -> stopping);
        return null;
    }

    private void closeAdmin() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }

    @Override
    public List<byte[]> encode(OutputBatch batch) {
        var events = spooled.computeIfAbsent(batch.stream().name(), _ -> events(batch));
        return events.records(batch).stream().map(Letter::encode).toList();
    }

    @Override
    public Future<SendResult> send(Attempt attempt, List<byte[]> records) {
        return sender.send(attempt, records);
    }

    @Override
    public Future<WriteResult> write(OutputBatch batch) {
        var promise = Promise.<SendResult>promise();
        var pending = new PendingSend(new Attempt(batch.stream().name()), batch.size(), promise);
        encoder.execute(() -> encode(batch, pending));
        return promise.future().map(result -> {
            int failed = batch.size() - result.delivered();
            if (failed > 0) {
                losses.lost(failed, pending.cause());
            }
            return new WriteResult(result.delivered(), failed);
        });
    }

    @Override
    public Future<Void> stop(Duration grace) {
        stopping = true;
        long deadline = System.nanoTime() + grace.toNanos();
        Future<Void> encoded = encoder.call(() -> null);
        encoder.end();
        Future<Void> stopped = encoded.compose(_ -> close(deadline));
        return Future.all(stopped, sender.close(grace)).mapEmpty();
    }

    @Override
    public int writesInFlight() {
        return WRITES_IN_FLIGHT;
    }

    private Future<Void> close(long deadline) {
        Future<Void> closed = thread.call(() -> {
            producer.close(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            closeAdmin();
            return null;
        });
        thread.end();
        return closed;
    }

    /** On the encoder's thread: half of what a record costs here, while records before it are sent. */
    private void encode(OutputBatch batch, PendingSend pending) {
        ahead.acquireUninterruptibly();
        try {
            var events = streams.computeIfAbsent(batch.stream().name(), _ -> events(batch));
            var records = events.records(batch);
            thread.execute(() -> send(events.topic(), records, pending));
        } catch (RuntimeException e) {
            ahead.release();
            pending.unsent(0, e);
        }
    }

    /** On the sending thread. When one record fails, for a full buffer perhaps, the rest would only wait as long again. */
    private void send(String topic, List<ProducerRecord<byte[], byte[]>> records, PendingSend pending) {
        int sent = 0;
        try {
            topics.require(topic, producer); // the first record must not pay for creating it
            while (sent < records.size() && !pending.failed() && !stopping) {
                var ack = pending.ack(sent);
                send(records.get(sent++), ack);
            }
            pending.unsent(sent, new TimeoutException("not sent"));
        } catch (RuntimeException e) {
            pending.unsent(sent, e);
        } finally {
            ahead.release();
        }
    }

    private void send(ProducerRecord<byte[], byte[]> event, Callback ack) {
        try {
            var _ = producer.send(event, ack); // the callback tells
        } catch (KafkaException | IllegalStateException e) { // thrown instead of reported: fatal to the producer
            ack.onCompletion(null, e);
        }
    }

    private CloudEvents events(OutputBatch batch) {
        return new CloudEvents(context, settings.topicPrefix() + batch.stream().name(), settings.cloudEvents());
    }
}

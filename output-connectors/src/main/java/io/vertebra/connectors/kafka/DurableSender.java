package io.vertebra.connectors.kafka;

import io.vertebra.config.KafkaSettings;
import io.vertebra.connectors.spi.Attempt;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.connectors.spi.ConnectorThread;
import io.vertebra.connectors.spi.LossLog;
import io.vertebra.connectors.spi.SendResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Sends what comes out of the spool. Its producer never gives a record up for time: whether a record that had to be given
 * up has arrived is unknown, and sending it again could double it. Thread-safe.
 */
final class DurableSender {

    private final KafkaSettings settings;
    private final String client;
    private final ConnectorThread thread;
    private final LossLog log;
    private volatile boolean stopping;
    private volatile boolean broken;

    // the thread's own
    private Producer<byte[], byte[]> producer;
    private Admin admin;
    private Topics topics;

    DurableSender(KafkaSettings settings, String connector) {
        this.settings = settings;
        this.client = "vertebra-" + connector + "-spool";
        this.thread = new ConnectorThread(connector + "-send");
        this.log = new LossLog(connector);
    }

    Future<SendResult> send(Attempt attempt, List<byte[]> letters) {
        var promise = Promise.<SendResult>promise();
        var pending = new PendingSend(attempt, letters.size(), promise);
        thread.execute(() -> send(letters, pending));
        return promise.future().onSuccess(result -> {
            if (result.refused() > 0) {
                log.lost(result.refused(), pending.cause());
            }
        });
    }

    /** Takes nothing more, waits for acknowledgements as long as the grace allows; the rest fails. */
    Future<Void> close(Duration grace) {
        stopping = true;
        long deadline = System.nanoTime() + grace.toNanos();
        Future<Void> closed = thread.call(() -> {
            release(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            return null;
        });
        thread.end();
        return closed;
    }

    private void send(List<byte[]> letters, PendingSend pending) {
        int sent = 0;
        try {
            open();
            while (sent < letters.size() && !stopping && !pending.failed()) {
                var ack = pending.ack(sent);
                send(letters.get(sent++), (metadata, error) -> {
                    broken |= isFatal(error);
                    ack.onCompletion(metadata, error);
                });
            }
        } catch (ConnectorException e) {
            log.delayed(letters.size(), e);
        }
        var cause = pending.cause();
        if (pending.failed() && cause != null && !stopping) {
            log.delayed(letters.size() - sent + 1, cause);
        }
        pending.unsent(sent, new TimeoutException("not sent"));
    }

    private void send(byte[] letter, Callback ack) {
        try {
            var record = Letter.decode(letter);
            topics.require(record.topic(), producer);
            var _ = producer.send(record, ack);
        } catch (KafkaException | IllegalStateException e) { // thrown instead of reported
            ack.onCompletion(null, e);
        }
    }

    private void open() {
        if (broken) {
            release(Duration.ZERO);
        }
        if (producer == null) {
            producer = ClientConfig.producer(settings, client, ClientConfig.NEVER);
            admin = ClientConfig.admin(settings);
            topics = new Topics(admin, settings.startTimeout(), () -> stopping);
            broken = false;
        }
    }

    private void release(Duration grace) {
        if (producer != null) {
            producer.close(grace);
            admin.close(Duration.ZERO);
            producer = null;
        }
    }

    /** Whether a producer cannot go on: another one may. */
    private static boolean isFatal(Exception error) {
        return error instanceof ProducerFencedException
                || error instanceof OutOfOrderSequenceException
                || error instanceof ClusterAuthorizationException
                || error instanceof IllegalStateException;
    }
}

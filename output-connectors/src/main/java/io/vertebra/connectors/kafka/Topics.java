package io.vertebra.connectors.kafka;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure of topics, so that the first record need not pay for creating one. Blocks; one thread at a time. */
final class Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private final Admin admin;
    private final Duration patience;
    private final BooleanSupplier stopping;
    private final Set<String> ready = new HashSet<>();

    /**
     * Topics of a cluster.
     *
     * @param patience how long one may take to appear
     * @param stopping whether to give up
     */
    Topics(Admin admin, Duration patience, BooleanSupplier stopping) {
        this.admin = admin;
        this.patience = patience;
        this.stopping = stopping;
    }

    /**
     * Creates a topic unless it is there, and waits until a producer can write to it.
     *
     * @throws org.apache.kafka.common.KafkaException when it cannot
     */
    void require(String topic, Producer<?, ?> producer) {
        if (!ready.contains(topic)) {
            create(topic);
            await(topic, producer);
            ready.add(topic);
        }
    }

    private void create(String topic) {
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
            throw new InterruptException("interrupted while creating topic `" + topic + "`", e);
        }
    }

    private void await(String topic, Producer<?, ?> producer) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                producer.partitionsFor(topic);
                return;
            } catch (TimeoutException e) {
                if (stopping.getAsBoolean() || System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
        }
    }
}

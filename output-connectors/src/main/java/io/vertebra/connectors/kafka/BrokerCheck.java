package io.vertebra.connectors.kafka;

import io.vertebra.config.KafkaSettings;
import io.vertebra.connectors.spi.ConnectorException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.utils.Utils;

/** Whether a Kafka broker answers, asked before anything is sent. Blocks. */
public final class BrokerCheck {

    private BrokerCheck() {}

    /**
     * Connects, asks the cluster for its nodes, and leaves.
     *
     * @throws ConnectorException saying what is in the way
     */
    public static void require(KafkaSettings settings) {
        requireReachable(settings);
        try (var admin = ClientConfig.admin(settings)) {
            requireCluster(admin, settings);
        } catch (KafkaException e) {
            throw unavailable(settings, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(settings, "interrupted");
        }
    }

    /**
     * Connects to each bootstrap address in turn until one accepts: much faster than a client that tries again until its
     * time is over.
     *
     * @throws ConnectorException when none does
     */
    static void requireReachable(KafkaSettings settings) {
        String observed = "";
        for (var address : settings.bootstrapServers().split(",")) {
            try (var socket = new Socket()) {
                var host = Utils.getHost(address.strip());
                var port = Utils.getPort(address.strip());
                if (host == null || port == null) {
                    throw new IOException("not of the form host:port");
                }
                socket.connect(new InetSocketAddress(host, port), (int)
                        settings.startTimeout().toMillis());
                return;
            } catch (UnknownHostException e) {
                observed = "host `" + e.getMessage() + "` is unknown";
            } catch (IOException e) {
                observed = e.getMessage();
            }
        }
        throw unavailable(settings, observed);
    }

    /**
     * Asks the cluster for its nodes: what accepts connections need not be a Kafka broker.
     *
     * @throws ConnectorException when it does not answer in time
     */
    static void requireCluster(Admin admin, KafkaSettings settings) throws InterruptedException {
        try {
            long millis = settings.startTimeout().toMillis();
            admin.describeCluster().nodes().get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unavailable(settings, "no answer to a cluster request within " + settings.startTimeout());
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(settings, e.getMessage());
        }
    }

    private static ConnectorException unavailable(KafkaSettings settings, String observed) {
        return new ConnectorException("kafka broker `" + settings.bootstrapServers() + "` cannot be used: " + observed
                + "; start a broker there or give another address");
    }
}

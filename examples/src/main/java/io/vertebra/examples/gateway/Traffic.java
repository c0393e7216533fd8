package io.vertebra.examples.gateway;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that each send a request, read the answer, think a moment, and go on until told to stop. */
final class Traffic extends VerticleBase {
    private static final int CLIENTS = 24;
    private static final int MEAN_THINK_MILLIS = 30;
    private static final int LARGEST_REQUEST = 2_000;

    private final int gatewayPort;
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final List<Route> weighted = new ArrayList<>();
    private HttpClient client;
    private volatile boolean stopping;

    Traffic(int gatewayPort) {
        this.gatewayPort = gatewayPort;
        for (var route : Route.values()) {
            for (int i = 0; i < route.weight(); i++) {
                weighted.add(route);
            }
        }
    }

    long answered() {
        return answered.get();
    }

    long failed() {
        return failed.get();
    }

    /** Requests that wait for their answer. */
    boolean busy() {
        return sent.get() > answered.get() + failed.get();
    }

    /** No further requests; those under way are still answered. */
    void quieten() {
        stopping = true;
    }

    @Override
    public Future<?> start() {
        client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(CLIENTS));
        for (int i = 0; i < CLIENTS; i++) {
            think();
        }
        return Future.succeededFuture();
    }

    private void think() {
        var millis =
                -MEAN_THINK_MILLIS * Math.log(1 - ThreadLocalRandom.current().nextDouble());
        vertx.setTimer(1 + Math.round(millis), _ -> send());
    }

    private void send() {
        if (stopping) {
            return;
        }
        sent.incrementAndGet();
        var random = ThreadLocalRandom.current();
        var route = weighted.get(random.nextInt(weighted.size()));
        var body = Buffer.buffer(new byte[random.nextInt(LARGEST_REQUEST)]);
        client.request(HttpMethod.POST, gatewayPort, "127.0.0.1", route.path())
                .compose(request -> request.send(body))
                .compose(response -> response.body())
                .onComplete(result -> {
                    (result.succeeded() ? answered : failed).incrementAndGet();
                    think();
                });
    }
}

package io.vertebra.verticles;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The clients of {@link ClientsStress}: all follow the overview and one stream, the first is measured, some never read. */
final class StressedClients {

    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final List<Long> delays = new ArrayList<>();
    private long skippedOrLost;

    private StressedClients() {}

    /** Connects, says READY, and tells at the first line of input what came. */
    public static void main(String[] arguments) throws Exception {
        new StressedClients()
                .run(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    }

    private void run(int port, int count, int stuck) throws Exception {
        var vertx = Vertx.vertx();
        var client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(count)
                .setMaxFrameSize(1 << 20)
                .setMaxMessageSize(16 << 20));
        var options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/ws")
                .addSubProtocol("vertebra.v1");
        for (int i = 0; i < count; i++) {
            int number = i;
            var connected = client.connect(options)
                    .compose(socket -> follow(socket, number == 0, number > 0 && number <= stuck));
            connected.toCompletionStage().toCompletableFuture().join();
        }
        System.out.println("READY");
        var _ = System.in.read();
        tell(count, stuck);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private Future<Void> follow(WebSocket socket, boolean measured, boolean stuck) {
        socket.textMessageHandler(text -> {
            messages.incrementAndGet();
            bytes.addAndGet(text.length());
            if (measured) {
                measure(text);
            }
        });
        var subscribed = socket.writeTextMessage("{\"type\":\"subscribe\",\"id\":1,\"overview\":true}")
                .compose(_ -> socket.writeTextMessage(
                        "{\"type\":\"subscribe\",\"id\":2,\"stream\":\"slow_requests\",\"rate\":20000}"));
        return stuck ? subscribed.onSuccess(_ -> socket.pause()) : subscribed;
    }

    /** How long ago the events of the records were; all JVMs of a machine have the same clock (CLOCK_MONOTONIC). */
    private synchronized void measure(String text) {
        long now = System.nanoTime();
        var frame = new JsonObject(text);
        skippedOrLost += frame.getLong("skipped", 0L) + frame.getLong("count", 0L);
        if (frame.getInteger("id") == 2 && frame.getString("type").equals("next")) {
            for (var record : frame.getJsonArray("records", new JsonArray())) {
                delays.add(now - ((JsonObject) record).getJsonObject("value").getLong("event_ns"));
            }
        }
    }

    private synchronized void tell(int count, int stuck) {
        var sorted = delays.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(sorted);
        System.out.printf("%,d clients, %d of them read nothing%n", count, stuck);
        System.out.printf("received: %,d messages, %,d MiB%n", messages.get(), bytes.get() >> 20);
        System.out.printf(
                "a healthy client: %,d records, %,d skipped or lost; delivered after p50 %d ms, p99 %d ms%n",
                sorted.length,
                skippedOrLost,
                percentile(sorted, 0.5) / 1_000_000,
                percentile(sorted, 0.99) / 1_000_000);
    }

    private static long percentile(long[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) (share * (sorted.length - 1))];
    }
}

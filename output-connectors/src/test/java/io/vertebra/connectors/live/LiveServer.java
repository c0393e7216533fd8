package io.vertebra.connectors.live;

import io.vertebra.config.Decoder;
import io.vertebra.config.MetricSpec.LabelSpec;
import io.vertebra.connectors.TestMaps;
import io.vertebra.connectors.live.LiveHub.Patience;
import io.vertebra.connectors.metrics.KeyLabels;
import io.vertebra.connectors.spi.ConnectorQueue;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.MapType;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** A hub behind a real server, over streams, maps and an overview that the test changes. */
final class LiveServer implements AutoCloseable {

    static final int MOST_CLIENTS = 300;

    final Source source = new Source();
    private final Vertx vertx = Vertx.vertx();
    private final Patience patience;
    private final Verticle verticle = new Verticle();

    LiveServer(Patience patience) {
        this.patience = patience;
        join(vertx.deployVerticle(verticle));
    }

    int port() {
        return verticle.http.actualPort();
    }

    LiveHub hub() {
        return verticle.hub;
    }

    ConnectorQueue queue() {
        return verticle.queue;
    }

    /** Hands over a batch and waits until the hub has it. */
    void publish(OutputBatch batch) {
        queue().offer(batch);
        while (queue().accounts().stream().anyMatch(account -> account.waiting() > 0)) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() {
        join(vertx.close());
    }

    static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private final class Verticle extends VerticleBase {
        private LiveHub hub;
        private ConnectorQueue queue;
        private HttpServer http;

        @Override
        public Future<?> start() {
            hub = new LiveHub(vertx, source, () -> MOST_CLIENTS, patience);
            queue = new ConnectorQueue("live", hub, context, 16 << 20);
            http = vertx.createHttpServer(new HttpServerOptions()
                            .setMaxWebSocketFrameSize(65536)
                            .setMaxWebSocketMessageSize(65536)
                            .addWebSocketSubProtocol(LiveHub.SUB_PROTOCOL))
                    .requestHandler(request -> request.toWebSocket().onSuccess(this::accept));
            return http.listen(0, "127.0.0.1").compose(_ -> hub.start());
        }

        private void accept(ServerWebSocket socket) {
            var context = ((WebSocketInternal) socket).channelHandlerContext();
            hub.accept(socket, () -> context.channel().unsafe().close(context.voidPromise()));
        }
    }

    /** Two streams, one map, and an overview of two sections and two values. */
    static final class Source implements LiveSource {
        final NavigableSet<String> streams = new ConcurrentSkipListSet<>(List.of("slow", "raw"));
        volatile BpfMap map = TestMaps.histograms(MapType.HASH);
        volatile JsonArray attachments = JsonArray.of(attachment("c", 0), attachment("d", 0));
        volatile JsonArray hooks = JsonArray.of(new JsonObject().put("name", "h"));

        static JsonObject attachment(String codelet, long offered) {
            return new JsonObject()
                    .put("codelet_set", "set")
                    .put("codelet", codelet)
                    .put("hook", "h")
                    .put("execution", "queued")
                    .put("offered", offered);
        }

        @Override
        public SortedSet<String> streams() {
            return streams;
        }

        @Override
        public View map(String path) {
            if (!path.equals("set/delay") || map == null) {
                throw new IllegalArgumentException("map `" + path + "` is unknown");
            }
            var route = new LabelSpec(
                    "route", List.of(new Decoder.StaticMap(Map.of("1", "orders"), false)), OptionalLong.empty());
            return new View(map, Optional.of(new KeyLabels(map.spec(), List.of(route))));
        }

        @Override
        public JsonObject overview() {
            return new JsonObject()
                    .put("time", System.currentTimeMillis())
                    .put("source", "/jvm/test")
                    .put("attachments", attachments.copy())
                    .put("outputs", new JsonArray())
                    .put("hooks", hooks.copy());
        }
    }
}

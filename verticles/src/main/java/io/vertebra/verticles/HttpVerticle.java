package io.vertebra.verticles;

import io.vertebra.connectors.live.LiveHub;
import io.vertebra.connectors.prometheus.MetricsPage;
import io.vertebra.connectors.spi.OutputBus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The HTTP port: the live page at {@code /}, its WebSocket at {@code /ws}, {@code /metrics}, and what can be read of the
 * API at {@code /api/v1}.
 */
final class HttpVerticle extends VerticleBase {

    /** What this version answers. */
    static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private static final String JSON = "application/json";

    /** Longest message of a client; ours are split into frames of this size. */
    private static final int FRAME_BYTES = 64 * 1024;

    private final String host;
    private final int port;
    private final RuntimeView view;
    private final MetricsPage metrics;
    private final OutputBus bus;
    private final long queueBytes;
    private LiveHub hub;
    private ConnectorLink live;
    private HttpServer server;

    HttpVerticle(String host, int port, RuntimeView view, MetricsPage metrics, OutputBus bus, long queueBytes) {
        this.host = host;
        this.port = port;
        this.view = view;
        this.metrics = metrics;
        this.bus = bus;
        this.queueBytes = queueBytes;
    }

    @Override
    public Future<?> start() {
        hub = new LiveHub(vertx, view);
        var options = new HttpServerOptions()
                .setHost(host)
                .setPort(port)
                .setMaxWebSocketFrameSize(FRAME_BYTES)
                .setMaxWebSocketMessageSize(FRAME_BYTES)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .addWebSocketSubProtocol(LiveHub.SUB_PROTOCOL);
        server = vertx.createHttpServer(options).requestHandler(router());
        return server.listen()
                .compose(_ -> hub.start())
                .onSuccess(_ -> live = new ConnectorLink(
                        LiveHub.NAME, hub, context, bus, queueBytes, ConnectorLink.namedBy(LiveHub.NAME)));
    }

    /** The port that is listened on. */
    int port() {
        return server.actualPort();
    }

    LiveHub hub() {
        return hub;
    }

    /** The live view's place on the bus. */
    ConnectorLink live() {
        return live;
    }

    private Router router() {
        var router = Router.router(vertx);
        var page = new PageFiles();
        router.route().handler(LoopbackGuard::check);
        router.get("/ws").handler(this::upgrade);
        router.get("/metrics").handler(this::scrape);
        api(router, "hooks", view::hooks);
        api(router, "codelet-sets", view::codeletSets);
        api(router, "streams", view::streamList);
        router.get("/api/v1/accounts")
                .handler(request -> answer(request, view.accounts().toBuffer()));
        router.route().handler(page::serve);
        router.route().handler(HttpVerticle::refuse);
        router.errorHandler(500, request -> Problem.end(request, 500, "the server failed: " + request.failure()));
        return router;
    }

    private void api(Router router, String name, Supplier<JsonArray> list) {
        router.get("/api/v1/" + name)
                .handler(request -> answer(request, list.get().toBuffer()));
    }

    private static void answer(RoutingContext request, Buffer json) {
        request.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(json);
    }

    /** Nothing has answered. */
    private static void refuse(RoutingContext request) {
        var method = request.request().method();
        if (READING.contains(method)) {
            Problem.end(
                    request, 404, "nothing is here: see /, /metrics, /api/v1/{hooks,codelet-sets,streams,accounts}");
        } else {
            Problem.end(request, 405, "method `" + method + "`: everything here can only be read");
        }
    }

    private void scrape(RoutingContext request) {
        var accept = request.request().getHeader(HttpHeaders.ACCEPT);
        vertx.executeBlocking(() -> metrics.scrape(accept), false)
                .onSuccess(scrape -> request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, scrape.contentType())
                        .end(Buffer.buffer(scrape.body())))
                .onFailure(request::fail);
    }

    private void upgrade(RoutingContext request) {
        var offered = request.request().getHeader("sec-websocket-protocol");
        if (!request.request().canUpgradeToWebSocket()) {
            Problem.end(request, 426, "this path takes WebSocket connections");
        } else if (offered == null
                || Arrays.stream(offered.split(",")).map(String::strip).noneMatch(LiveHub.SUB_PROTOCOL::equals)) {
            Problem.end(request, 400, "sub-protocol `" + offered + "`: allowed is " + LiveHub.SUB_PROTOCOL);
        } else {
            request.request().toWebSocket().onSuccess(hub::accept);
        }
    }
}

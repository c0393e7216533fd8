package io.vertebra.verticles;

import io.netty.handler.codec.DecoderException;
import io.vertebra.config.HttpSettings;
import io.vertebra.connectors.live.LiveHub;
import io.vertebra.connectors.prometheus.MetricsPage;
import io.vertebra.connectors.spi.ConnectorQueue;
import io.vertebra.connectors.spi.OutputBus;
import io.vertebra.verticles.api.ControlApi;
import io.vertebra.verticles.http.AcceptLimit;
import io.vertebra.verticles.http.AccessGuard;
import io.vertebra.verticles.http.ConnectionLimits;
import io.vertebra.verticles.http.HostGuard;
import io.vertebra.verticles.http.Problem;
import io.vertebra.verticles.http.TlsFiles;
import io.vertebra.verticles.http.Tokens;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.net.SocketException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The HTTP port: the live page at {@code /}, its WebSocket at {@code /ws}, {@code /metrics}, and the API at {@code
 * /api/v1}.
 */
final class HttpVerticle extends VerticleBase {

    /** Longest message of a client; ours are split into frames of this size. */
    private static final int FRAME_BYTES = 64 * 1024;

    private static final int MAX_LINE = 4_096;
    private static final int MAX_HEADERS = 16_384;

    private final Supplier<HttpSettings> settings;
    private final AcceptLimit door;
    private final Outputs outputs;
    private final ControlApi api;
    private final MetricsPage metrics;
    private final Tokens tokens;
    private final OutputBus bus;
    private final long queueBytes;
    private final BiConsumer<String, String> told;
    private Optional<TlsFiles> tls = Optional.empty();
    private LiveHub hub;
    private ConnectorLink live;
    private HttpServer server;

    HttpVerticle(
            Supplier<HttpSettings> settings,
            AcceptLimit door,
            Outputs outputs,
            ControlApi api,
            Tokens tokens,
            OutputBus bus,
            long queueBytes,
            BiConsumer<String, String> told) {
        this.settings = settings;
        this.door = door;
        this.outputs = outputs;
        this.api = api;
        this.metrics = outputs.page();
        this.tokens = tokens;
        this.bus = bus;
        this.queueBytes = queueBytes;
        this.told = told;
    }

    @Override
    public Future<?> start() {
        hub = new LiveHub(vertx, outputs.view(), () -> settings.get().limits().maxClients());
        tls = settings.get().access().tls().map(files -> new TlsFiles(vertx, files, told));
        return tls.map(files -> files.open().compose(ssl -> listen(withTls(options(), ssl))))
                .orElseGet(() -> listen(options()))
                .onSuccess(_ -> tls.ifPresent(files -> files.keep(server)))
                .compose(_ -> hub.start())
                .onSuccess(_ -> live = new ConnectorLink(
                        LiveHub.NAME,
                        context,
                        bus,
                        new ConnectorQueue(LiveHub.NAME, hub, context, queueBytes),
                        Optional.empty(),
                        ConnectorLink.namedBy(LiveHub.NAME)));
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHost(settings.get().host())
                .setPort(settings.get().port())
                .setHttp2ClearTextEnabled(false) // limits count one request at a time per connection
                .setMaxInitialLineLength(MAX_LINE)
                .setMaxHeaderSize(MAX_HEADERS)
                .setMaxWebSocketFrameSize(FRAME_BYTES)
                .setMaxWebSocketMessageSize(FRAME_BYTES)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .addWebSocketSubProtocol(LiveHub.SUB_PROTOCOL);
    }

    private HttpServerOptions withTls(HttpServerOptions options, ServerSSLOptions ssl) {
        return options.setSsl(true)
                .setUseAlpn(ssl.isUseAlpn())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setSslHandshakeTimeout(settings.get().limits().requestTimeout().toMillis())
                .setEnabledSecureTransportProtocols(ssl.getEnabledSecureTransportProtocols())
                .setKeyCertOptions(ssl.getKeyCertOptions())
                .setTrustOptions(ssl.getTrustOptions())
                .setClientAuth(ssl.getClientAuth());
    }

    private Future<HttpServer> listen(HttpServerOptions options) {
        var limits = new ConnectionLimits(vertx, settings);
        server = vertx.createHttpServer(options)
                .connectionHandler(limits::connected)
                .requestHandler(router(limits));
        return server.listen();
    }

    @Override
    public Future<?> stop() throws IOException {
        api.close();
        return tls.map(TlsFiles::close).orElseGet(Future::succeededFuture);
    }

    /** The port that is listened on. */
    int port() {
        return server.actualPort();
    }

    /** When the certificate in use ends; empty without TLS. Any thread. */
    Optional<Instant> certificateEnd() {
        return tls.map(TlsFiles::certificateEnd);
    }

    LiveHub hub() {
        return hub;
    }

    /** The live view's place on the bus. */
    ConnectorLink live() {
        return live;
    }

    private Router router(ConnectionLimits limits) {
        var router = Router.router(vertx);
        var access = new AccessGuard(tokens, settings.get());
        var pages = new PageFiles();
        router.route().handler(limits::requested).failureHandler(HttpVerticle::gone);
        router.route().handler(new HostGuard(settings.get())::check);
        router.route().handler(pages::serve); // the same for everybody: what it shows it asks for with its token
        router.route().handler(access::checkReading);
        router.get("/ws").handler(request -> upgrade(request, limits));
        router.get("/metrics").handler(this::scrape);
        api.mount(vertx, router, access);
        router.route().handler(HttpVerticle::refuse);
        router.errorHandler(400, request -> Problem.end(request, 400, "the request could not be read"));
        router.errorHandler(
                413,
                request -> Problem.end(
                        request,
                        413,
                        "body: larger than this path takes; a set takes "
                                + settings.get().limits().maxUpload() + " bytes"));
        router.errorHandler(500, HttpVerticle::failed);
        return router;
    }

    /** A client that closes its connection has no use for an answer, and is nothing to log. */
    private static void gone(RoutingContext request) {
        if (!(request.failure() instanceof HttpClosedException || request.failure() instanceof SocketException)) {
            request.next();
        }
    }

    /** A form that Netty cannot or will not take apart is its sender's failure, also when its files are closed first. */
    private static void failed(RoutingContext request) {
        var failure = request.failure();
        boolean aborted = "Streaming aborted".equals(failure.getMessage()); // Vert.x, of a form that it has given up
        if (aborted || failure instanceof DecoderException) {
            Problem.end(request, 400, "the form could not be read: it is malformed, or has more than 256 parts");
        } else {
            Problem.end(request, 500, "the server failed: " + request.failure());
        }
    }

    /** Nothing has answered. */
    private static void refuse(RoutingContext request) {
        var method = request.request().method();
        if (AccessGuard.READING.contains(method)) {
            Problem.end(
                    request,
                    404,
                    "nothing is here: see /, /metrics,"
                            + " /api/v1/{codelet-sets,hooks,programs,maps,streams,inputs,accounts,events,settings}");
        } else {
            Problem.end(request, 405, "method `" + method + "`: this path does not take it");
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

    private void upgrade(RoutingContext request, ConnectionLimits limits) {
        if (!request.request().canUpgradeToWebSocket()) {
            Problem.end(request, 426, "this path takes WebSocket connections");
        } else if (AccessGuard.subProtocols(request.request()).noneMatch(LiveHub.SUB_PROTOCOL::equals)) {
            Problem.end(request, 400, "sub-protocol: missing, needed is " + LiveHub.SUB_PROTOCOL);
        } else {
            var connection = request.request().connection();
            limits.upgraded(connection);
            request.request()
                    .toWebSocket()
                    .onSuccess(socket -> hub.accept(socket, () -> door.end(connection.remoteAddress())));
        }
    }
}

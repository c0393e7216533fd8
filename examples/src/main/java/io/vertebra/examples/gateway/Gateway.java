package io.vertebra.examples.gateway;

import static io.vertebra.examples.gateway.GatewayHooks.HOOKS;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Receives requests, queues them by route, forwards them to a backend, and tells the hooks what happens. */
final class Gateway extends VerticleBase {
    private static final int BAD_GATEWAY = 502;
    private static final int NOT_FOUND = 404;

    private final List<Integer> backendPorts;
    private final Map<Route, RouteQueue> queues = new EnumMap<>(Route.class);
    private HttpServer server;
    private HttpClient client;

    Gateway(List<Integer> backendPorts) {
        this.backendPorts = List.copyOf(backendPorts);
        for (var route : Route.values()) {
            queues.put(route, new RouteQueue());
        }
    }

    /** The port it listens on, once deployed. */
    int port() {
        return server.actualPort();
    }

    @Override
    public Future<?> start() {
        Objects.requireNonNull(
                HOOKS, "hooks"); // declared now, so that codelets can be attached before the first request
        client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(64));
        server = vertx.createHttpServer().requestHandler(this::receive);
        return server.listen(0, "127.0.0.1");
    }

    private void receive(HttpServerRequest request) {
        var route = Route.of(request.path()).orElse(null);
        if (route == null) {
            request.response().setStatusCode(NOT_FOUND).end();
            return;
        }
        request.body().onSuccess(body -> {
            HOOKS.requestReceived(connection(request), route.ordinal(), body.length());
            var queue = queues.get(route);
            queue.submit(() -> forward(request, route, body));
            HOOKS.requestQueued(route.ordinal(), queue.depth());
        });
    }

    private Future<Void> forward(HttpServerRequest request, Route route, Buffer body) {
        var backend = choose(route);
        return client.request(request.method(), backendPorts.get(backend), "127.0.0.1", request.uri())
                .compose(outgoing -> outgoing.send(body))
                .compose(answer ->
                        answer.body().compose(bytes -> respond(request, route, backend, answer.statusCode(), bytes)))
                .recover(_ -> respond(request, route, backend, BAD_GATEWAY, Buffer.buffer()));
    }

    /** The control hook's choice where it makes one, else the backend that the route usually has. */
    private int choose(Route route) {
        var chosen = HOOKS.chooseBackend(route.ordinal(), queues.get(route).depth());
        return chosen >= 0 && chosen < backendPorts.size() ? chosen : route.ordinal() % backendPorts.size();
    }

    private static Future<Void> respond(HttpServerRequest request, Route route, int backend, int status, Buffer bytes) {
        HOOKS.responseSent(connection(request), route.ordinal(), backend, status, bytes.length());
        return request.response().setStatusCode(status).end(bytes);
    }

    /** The client's port names the connection: every client is on this machine. */
    private static long connection(HttpServerRequest request) {
        return request.connection().remoteAddress().port();
    }
}

package io.vertebra.verticles.api;

import io.vertebra.config.Role;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.verticles.http.AccessGuard;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.map.BpfQueue;
import io.vertebra.vm.map.Errno;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/**
 * {@code /api/v1/maps/SET/MAP} and {@code /api/v1/maps/SET/CODELET/MAP}: what a map is, its entries, and changes of them.
 * {@code PUT .../entries} with {@code {"key", "value", "flags"}} stores an entry, {@code POST} with {@code {"value"}} pushes
 * onto a queue or a stack.
 */
final class MapRoutes {

    private static final String ALL = "/api/v1/maps";
    private static final String PATH = ALL + "/(?<map>[^/]+(?:/[^/]+){1,2})";
    private static final int DEFAULT_LIMIT = 1_000;
    private static final int MOST = 65_536;
    private static final int MAX_BODY = 1 << 20;
    private static final Map<String, Long> FLAGS =
            Map.of("any", BpfMap.ANY, "noexist", BpfMap.NOEXIST, "exist", BpfMap.EXIST);

    private final CodeletRuntime runtime;
    private final ControlWorker worker;
    private final BodyBudget bodies;
    private final AuditLog audit;
    private final MapJson maps;

    MapRoutes(CodeletRuntime runtime, ControlWorker worker, AuditLog audit, MapJson maps, BodyBudget bodies) {
        this.runtime = runtime;
        this.worker = worker;
        this.bodies = bodies;
        this.audit = audit;
        this.maps = maps;
    }

    void mount(Router router, AccessGuard access) {
        var operator = access.require(Role.OPERATOR);
        var body = JsonBody.handler(MAX_BODY, bodies);
        router.get(ALL).handler(request -> Answers.json(request, 200, maps.all(runtime)));
        router.getWithRegex(PATH + "/entries").handler(this::entries);
        router.putWithRegex(PATH + "/entries").handler(operator).handler(body).handler(this::update);
        router.postWithRegex(PATH + "/entries").handler(operator).handler(body).handler(this::push);
        router.getWithRegex(PATH)
                .handler(request -> worker.run(
                        request,
                        () -> maps.map(runtime, path(request), map(request)),
                        map -> Answers.json(request, 200, map)));
    }

    private void entries(RoutingContext request) {
        worker.run(
                request,
                () -> MapJson.entries(map(request), limit(request.request().getParam("limit"))),
                entries -> Answers.json(request, 200, entries));
    }

    private void update(RoutingContext request) {
        worker.run(
                request,
                () -> {
                    var map = map(request);
                    var spec = map.spec();
                    var json = JsonBody.object(request, "key", "value", "flags");
                    var key = TypedJson.bytes(spec.btf(), spec.keyType(), spec.keySize(), "key", json.getValue("key"));
                    var value = TypedJson.bytes(
                            spec.btf(), spec.valueType(), spec.valueSize(), "value", json.getValue("value"));
                    require(path(request), map.update(key, value, flags(json)));
                    audit.add("map_updated", path(request), new JsonObject().put("key", json.getValue("key")));
                    return map;
                },
                _ -> request.response().setStatusCode(204).end());
    }

    private void push(RoutingContext request) {
        worker.run(
                request,
                () -> {
                    if (!(map(request) instanceof BpfQueue queue)) {
                        throw new RequestException(
                                409,
                                "map `" + path(request) + "`: a "
                                        + map(request).spec().type() + ", needed is a QUEUE or a STACK");
                    }
                    var spec = queue.spec();
                    var json = JsonBody.object(request, "value");
                    var value = TypedJson.bytes(
                            spec.btf(), spec.valueType(), spec.valueSize(), "value", json.getValue("value"));
                    if (!queue.send(value)) {
                        throw new RequestException(
                                409, "map `" + path(request) + "`: full, max_entries=" + spec.maxEntries());
                    }
                    audit.add("map_pushed", path(request), new JsonObject());
                    return queue;
                },
                _ -> request.response().setStatusCode(204).end());
    }

    private static void require(String path, long result) throws RequestException {
        var why = switch ((int) result) {
            case 0 -> "";
            case (int) Errno.EPERM -> "its content is constant";
            case (int) Errno.ENOENT -> "no such entry, and flags=exist";
            case (int) Errno.EEXIST -> "the entry is there, and flags=noexist";
            case (int) Errno.E2BIG -> "it is full, or the index is beyond its end";
            case (int) Errno.EINVAL -> "its type takes no such update";
            default -> "errno " + -result;
        };
        if (result != 0) {
            throw new RequestException(409, "map `" + path + "`: not updated, " + why);
        }
    }

    private static long flags(JsonObject json) {
        var flags = String.valueOf(json.getValue("flags", "any"));
        if (!FLAGS.containsKey(flags)) {
            throw new IllegalArgumentException("flags: `" + flags + "`, allowed are any, noexist, exist");
        }
        return FLAGS.get(flags);
    }

    private static int limit(String text) {
        if (text == null) {
            return DEFAULT_LIMIT;
        }
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= MOST) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("limit: `" + text + "`, allowed is 0 to " + MOST);
    }

    private BpfMap map(RoutingContext request) throws RequestException {
        try {
            return runtime.map(path(request));
        } catch (IllegalArgumentException e) {
            throw new RequestException(404, e.getMessage());
        }
    }

    private static String path(RoutingContext request) {
        return request.pathParam("map");
    }
}

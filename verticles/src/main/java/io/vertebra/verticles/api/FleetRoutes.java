package io.vertebra.verticles.api;

import io.vertebra.config.Role;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.verticles.api.FleetView.Listing;
import io.vertebra.verticles.http.AccessGuard;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /api/v1/members}; and, in a fleet, the lists of sets and hooks of all members, {@code ?member=NAME} for those of
 * one.
 */
final class FleetRoutes {

    private static final String SETS = "/api/v1/codelet-sets";

    private final Supplier<Optional<FleetView>> fleet;
    private final CodeletRuntime runtime;
    private final ControlWorker worker;

    FleetRoutes(Supplier<Optional<FleetView>> fleet, CodeletRuntime runtime, ControlWorker worker) {
        this.fleet = fleet;
        this.runtime = runtime;
        this.worker = worker;
    }

    /** Adds the routes, which come before those of a single Vertebra. */
    void mount(Router router, AccessGuard access) {
        router.get("/api/v1/members")
                .handler(request -> Answers.json(
                        request, 200, fleet.get().map(FleetView::members).orElseGet(JsonArray::new)));
        router.get(SETS).handler(request -> list(request, Listing.SETS));
        router.get("/api/v1/hooks").handler(request -> list(request, Listing.HOOKS));
        router.delete(SETS + "/:set").handler(access.require(Role.AUTHOR)).handler(this::unload);
    }

    private void list(RoutingContext request, Listing what) {
        var member = Optional.ofNullable(request.request().getParam("member"));
        var joined = fleet.get();
        if (joined.isEmpty() && member.isEmpty()) {
            request.next();
            return;
        }
        var known = joined.map(FleetView::members).orElseGet(JsonArray::new).stream()
                .map(each -> ((JsonObject) each).getString("name"))
                .toList();
        if (member.isPresent() && !known.contains(member.get())) {
            Failures.end(
                    request, new RequestException(404, "member `" + member.get() + "`: unknown, known are " + known));
            return;
        }
        var context = request.vertx().getOrCreateContext();
        joined.orElseThrow()
                .list(what, member)
                .onComplete(list -> context.runOnContext(_ -> {
                    if (list.succeeded()) {
                        Answers.json(request, 200, list.result());
                    } else {
                        Failures.end(request, list.cause());
                    }
                }));
    }

    /** A set that this member has is unloaded as ever, of which the fleet is told; this is for one that it has not. */
    private void unload(RoutingContext request) {
        var name = request.pathParam("set");
        var members = fleet.get();
        if (members.isEmpty() || runtime.set(name).isPresent()) {
            request.next();
            return;
        }
        worker.run(request, () -> members.get().unload(name), unloaded -> {
            if (unloaded) {
                request.response().setStatusCode(204).end();
            } else {
                request.next();
            }
        });
    }
}

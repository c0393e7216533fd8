package io.vertebra.verticles.api;

import io.vertebra.config.AdmissionSettings;
import io.vertebra.config.Grant;
import io.vertebra.config.HttpSettings;
import io.vertebra.config.Role;
import io.vertebra.runtime.admission.AdmissionException;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.CodeletSetState;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.OpenSet;
import io.vertebra.verticles.http.AccessGuard;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.FileUpload;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/**
 * {@code /api/v1/codelet-sets}. A set's entity tag is its content: the digest of its descriptor and objects. {@code PUT} of
 * what is loaded already changes nothing, so it can be repeated.
 */
final class SetRoutes {

    private static final String ALL = "/api/v1/codelet-sets";
    private static final String ONE = ALL + "/:set";
    private static final String MULTIPART = "multipart/form-data";

    private final CodeletRuntime runtime;
    private final ControlWorker worker;
    private final AuditLog audit;
    private final Path folder;
    private final Supplier<HttpSettings> http;
    private final AdmissionSettings admission;

    SetRoutes(
            CodeletRuntime runtime,
            ControlWorker worker,
            AuditLog audit,
            Path folder,
            Supplier<HttpSettings> http,
            AdmissionSettings admission) {
        this.runtime = runtime;
        this.worker = worker;
        this.audit = audit;
        this.folder = folder;
        this.http = http;
        this.admission = admission;
    }

    void mount(Router router, AccessGuard access) {
        var author = access.require(Role.AUTHOR);
        var operator = access.require(Role.OPERATOR);
        var uploads = new BodyBudget(http.get().limits().maxUploads(), "uploads");
        // a plain handler, so that it may come after the check of the token
        Handler<RoutingContext> body = request -> {
            if (uploads.take(request, 1)) {
                BodyHandler.create(folder.toString())
                        .setBodyLimit(http.get().limits().maxUpload())
                        .setMergeFormAttributes(false)
                        .setDeleteUploadedFilesOnEnd(true)
                        .handle(request);
            }
        };
        router.get(ALL)
                .handler(request ->
                        Answers.json(request, 200, RuntimeJson.array(runtime.sets(), RuntimeJson::codeletSet)));
        router.get(ONE)
                .handler(request -> worker.run(request, () -> existing(request), set -> answer(request, 200, set)));
        router.post(ALL)
                .handler(author)
                .handler(SetRoutes::requireMultipart)
                .handler(body)
                .handler(this::create);
        router.put(ONE)
                .handler(author)
                .handler(SetRoutes::requireMultipart)
                .handler(body)
                .handler(this::put);
        router.delete(ONE).handler(author).handler(this::unload);
        router.post(ONE + "/disable").handler(operator).handler(request -> change(request, CodeletSet::disable));
        router.post(ONE + "/enable")
                .handler(operator)
                .handler(request -> change(request, set -> {
                    set.needs().require(grant(request));
                    set.enable();
                }));
    }

    /** A body that is no form would be kept in memory, so it is refused before it is read. */
    private static void requireMultipart(RoutingContext request) {
        var type = request.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.startsWith(MULTIPART)) {
            Failures.end(request, new RequestException(415, "content type `" + type + "`: allowed is " + MULTIPART));
        } else {
            request.next();
        }
    }

    private void create(RoutingContext request) {
        upload(request, opened -> {
            var name = opened.descriptor().name();
            if (runtime.set(name).isPresent()) {
                throw new RequestException(409, "set `" + name + "`: already loaded, PUT replaces it");
            }
            return new Stored(201, opened.load());
        });
    }

    private void put(RoutingContext request) {
        var name = request.pathParam("set");
        upload(request, opened -> {
            if (!opened.descriptor().name().equals(name)) {
                throw new RequestException(
                        400,
                        "set `" + name + "`: the descriptor's name is `"
                                + opened.descriptor().name() + "`, needed is the same");
            }
            Preconditions.check(request, runtime.set(name).map(CodeletSet::digest));
            var loaded = runtime.set(name);
            if (loaded.isEmpty()) {
                return new Stored(201, opened.load());
            }
            if (!loaded.get().digest().equals(opened.digest())) {
                requireAttached(loaded.get());
                loaded.get().replace(opened);
            }
            return new Stored(200, loaded.get());
        });
    }

    private static void requireAttached(CodeletSet set) throws RequestException {
        if (!(set.state() instanceof CodeletSetState.Attached)) {
            throw new RequestException(
                    409, "set `" + set.name() + "`: it is " + set.state().label() + ", allowed is attached");
        }
    }

    /**
     * A set that a request has stored.
     *
     * @param status of the answer
     */
    private record Stored(int status, CodeletSet set) {}

    /** What is done with a set that was uploaded. */
    private interface Action {
        Stored apply(OpenSet opened) throws LoadException, RequestException;
    }

    private void upload(RoutingContext request, Action action) {
        List<FileUpload> parts = request.fileUploads();
        worker.run(
                request,
                () -> {
                    try (var upload = Upload.take(folder, parts)) {
                        return audited(
                                request, () -> action.apply(upload.open(runtime).within(grant(request))));
                    }
                },
                stored -> answer(request, stored.status(), stored.set()));
    }

    /** A refused set is an event too. */
    private Stored audited(RoutingContext request, Callable<Stored> load) throws Exception {
        try {
            return load.call();
        } catch (LoadException e) {
            var name = request.pathParam("set");
            audit.add(
                    "refused",
                    name == null ? "" : name,
                    new JsonObject().put("detail", e.getMessage()).mergeIn(Failures.members(e)));
            throw e;
        }
    }

    private void unload(RoutingContext request) {
        worker.run(
                request,
                () -> {
                    var set = existing(request);
                    Preconditions.check(request, Optional.of(set.digest()));
                    set.unload();
                    return set;
                },
                _ -> request.response().setStatusCode(204).end());
    }

    /** What is done with a loaded set. */
    private interface Change {
        void apply(CodeletSet set) throws AdmissionException;
    }

    private Grant grant(RoutingContext request) {
        return AccessGuard.role(request).map(admission::grantOf).orElse(Grant.NONE);
    }

    private void change(RoutingContext request, Change change) {
        worker.run(
                request,
                () -> {
                    var set = existing(request);
                    Preconditions.check(request, Optional.of(set.digest()));
                    change.apply(set);
                    return set;
                },
                set -> answer(request, 200, set));
    }

    private CodeletSet existing(RoutingContext request) throws RequestException {
        var name = request.pathParam("set");
        return runtime.set(name)
                .orElseThrow(() -> new RequestException(
                        404,
                        "set `" + name + "`: unknown, known are "
                                + runtime.sets().stream().map(CodeletSet::name).toList()));
    }

    private static void answer(RoutingContext request, int status, CodeletSet set) {
        request.response().putHeader(HttpHeaders.ETAG, '"' + set.digest() + '"');
        if (status == 201) {
            request.response().putHeader(HttpHeaders.LOCATION, ALL + "/" + set.name());
        }
        Answers.json(request, status, RuntimeJson.codeletSet(set));
    }
}

package io.vertebra.verticles.api;

import io.vertebra.config.AdmissionSettings;
import io.vertebra.config.HttpSettings;
import io.vertebra.config.LiveSettings;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.verticles.http.AccessGuard;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** The API's resources over one runtime. Closing it removes the folder of uploads. */
public final class ControlApi implements AutoCloseable {

    /** Bytes of bodies in memory at a time. */
    private static final long MOST_BODIES = 16 << 20;

    private final CodeletRuntime runtime;
    private final RuntimeView view;
    private final AuditLog audit;
    private final Supplier<HttpSettings> http;
    private final AdmissionSettings admission;
    private final Optional<LiveSettings> settings;
    private final Supplier<Optional<FleetView>> fleet;
    private final Path folder;

    /**
     * An API that is not mounted yet.
     *
     * @param http the limits of uploads at the moment
     * @param admission which sets may be uploaded
     * @param settings what can be read again; empty when the application gave them
     * @param fleet that this Vertebra is a member of, asked at each request: the port is there before the fleet is joined
     * @throws IOException when there is no place for uploads
     */
    public ControlApi(
            CodeletRuntime runtime,
            RuntimeView view,
            AuditLog audit,
            Supplier<HttpSettings> http,
            AdmissionSettings admission,
            Optional<LiveSettings> settings,
            Supplier<Optional<FleetView>> fleet)
            throws IOException {
        this.runtime = runtime;
        this.view = view;
        this.audit = audit;
        this.http = http;
        this.admission = admission;
        this.settings = settings;
        this.fleet = fleet;
        this.folder = Files.createTempDirectory("vertebra-uploads"); // mode 0700
    }

    /** Adds the routes. */
    public void mount(Vertx vertx, Router router, AccessGuard access) {
        var worker = new ControlWorker(vertx);
        var maps = new MapJson();
        var bodies = new BodyBudget(MOST_BODIES, "bodies");
        new FleetRoutes(fleet, runtime, worker).mount(router, access);
        new ReadRoutes(runtime, view, new ProgramJson(maps)).mount(router);
        new SchemaRoutes(runtime, worker).mount(router);
        new EventRoutes(audit).mount(vertx, router);
        new SettingsRoutes(settings, worker, audit).mount(router, access);
        new SetRoutes(runtime, worker, audit, folder, http, admission).mount(router, access);
        new MapRoutes(runtime, worker, audit, maps, bodies).mount(router, access);
        new InputRoutes(runtime, worker, bodies).mount(router, access);
    }

    @Override
    public void close() throws IOException {
        try {
            SetFolder.delete(folder);
        } catch (DirectoryNotEmptyException _) { // a last upload has just arrived
            SetFolder.delete(folder);
        }
    }
}

package io.vertebra.verticles;

import io.vertebra.config.Delivery.AtLeastOnce;
import io.vertebra.config.HttpSettings;
import io.vertebra.config.LiveSettings;
import io.vertebra.connectors.spi.ConnectorContext;
import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.connectors.spi.OutputBus;
import io.vertebra.connectors.spool.SpoolFolder;
import io.vertebra.runtime.account.DropCause;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.SetListener;
import io.vertebra.runtime.limit.DetachReason;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.verticles.api.AuditLog;
import io.vertebra.verticles.api.ControlApi;
import io.vertebra.verticles.api.InputBus;
import io.vertebra.verticles.cluster.Fleet;
import io.vertebra.verticles.http.AcceptLimit;
import io.vertebra.verticles.http.RunFile;
import io.vertebra.verticles.http.Tokens;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** The verticles of one Vertebra and the two Vert.x instances that they run on. Thread-safe. */
final class Deployment implements SetListener {

    private static final Logger LOG = LoggerFactory.getLogger(Deployment.class);

    /** Event loops for HTTP, connectors and the event bus. */
    private static final int OUTPUT_LOOPS = 2;

    /** Threads for scrapes. */
    private static final int WORKERS = 2;

    private static final Duration CLOSE_VERTX = Duration.ofSeconds(5);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final VertebraConfig config;
    private final Supplier<HttpSettings> http; // at the moment
    private final Outputs outputs;
    private final AcceptLimit door;
    private final Vertx cores;
    private final Vertx vertx;
    private final OutputBus bus;
    private final AtomicInteger subscribers = new AtomicInteger();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Tokens tokens;
    private Optional<SpoolFolder> spool = Optional.empty();
    private int port;
    private Path runFile;
    private volatile Fleet fleet;

    private Deployment(VertebraConfig config, Optional<LiveSettings> settings, Outputs outputs, Tokens tokens) {
        this.config = config;
        this.http = settings.<Supplier<HttpSettings>>map(
                        live -> () -> live.current().settings().http())
                .orElse(config::http);
        this.tokens = tokens;
        this.outputs = outputs;
        this.cores = Vertx.vertx(options(config.runtime().cores(), 1));
        this.door = new AcceptLimit(() -> http.get().limits().maxConnections());
        this.vertx = Vertx.builder()
                .with(options(OUTPUT_LOOPS, WORKERS))
                .withTransport(door)
                .build();
        this.bus = new OutputBus(vertx);
    }

    /** Starts connectors, HTTP and cores, in this order: whoever takes records is there before they come. */
    static Deployment start(
            VertebraConfig config, Optional<LiveSettings> settings, CodeletRuntime runtime, Outputs outputs)
            throws StartException {
        var deployment = new Deployment(config, settings, outputs, Tokens.of(config.http()));
        try {
            deployment.startConnectors(runtime);
            deployment.startHttp(runtime, settings);
            deployment.startCores(runtime);
            runtime.listen(deployment);
            deployment.joinFleet(runtime);
            return deployment;
        } catch (StartException | RuntimeException e) {
            deployment.leaveFleet();
            deployment.closeLinks(Duration.ZERO);
            deployment.closeVertx();
            deployment.deleteRunFile();
            throw e;
        }
    }

    Tokens tokens() {
        return tokens;
    }

    String url() {
        var host = config.http().publicHost();
        var scheme = config.http().access().tls().isPresent() ? "https://" : "http://";
        return scheme + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    String pageUrl() {
        var token = config.http().openReading() ? Optional.<String>empty() : tokens.least();
        return url() + "/" + token.map(t -> "#token=" + t).orElse("");
    }

    int port() {
        return port;
    }

    OutputBus bus() {
        return bus;
    }

    /** Tells who listens on the bus. */
    @Override
    public void changed(CodeletSet set, Change change) {
        bus.announce(new JsonObject()
                .put("event", change.name().toLowerCase(Locale.ROOT))
                .put("codelet_set", set.name()));
    }

    /** As {@link #changed}. */
    @Override
    public void detached(String codeletSet, String codelet, DetachReason reason) {
        bus.announce(new JsonObject()
                .put("event", "detached")
                .put("codelet_set", codeletSet)
                .put("codelet", codelet)
                .put("reason", reason.label())
                .put("text", reason.text()));
    }

    /** Adds a connector that passes a stream's batches to a consumer. */
    Vertebra.Subscription subscribe(String stream, Consumer<OutputBatch> consumer) {
        var name = "subscriber-" + subscribers.incrementAndGet();
        var verticle = new ConnectorVerticle(
                name,
                new Subscriber(consumer),
                bus,
                config.outputs().queueBytes(),
                descriptor -> descriptor.name().equals(stream),
                Optional.empty());
        join(vertx.deployVerticle(verticle));
        var link = verticle.link();
        outputs.add(link);
        return () -> {
            long deadline = System.nanoTime() + config.outputs().closeDeadline().toNanos();
            awaitArrival(List.of(link), deadline);
            join(link.close(remaining(deadline)));
        };
    }

    /**
     * Drains everything; what has not arrived when the deadline has passed is counted as stopped. The cores run until the
     * runtime is closed, the connectors until every batch has reached their queues.
     */
    void close(CodeletRuntime runtime, Duration grace) {
        if (closed.compareAndSet(false, true)) {
            leaveFleet();
            long deadline = System.nanoTime() + grace.toNanos();
            runtime.close(grace.dividedBy(2));
            awaitArrival(outputs.links(), deadline);
            closeLinks(remaining(deadline));
            closeVertx();
            deleteRunFile();
            tellOfStopped(runtime, grace);
        }
    }

    /** One line when something was on its way that has not arrived. */
    private void tellOfStopped(CodeletRuntime runtime, Duration grace) {
        long events = runtime.accounts().stream()
                .mapToLong(account -> account.dropped().getOrDefault(DropCause.STOPPED, 0L))
                .sum();
        long records = outputs.accounts().stream()
                .mapToLong(account -> account.dropped().getOrDefault(DropCause.STOPPED, 0L))
                .sum();
        if (events + records > 0) {
            LOG.warn(
                    "closed with {} events and {} records on their way, dropped as stopped: the close deadline was {}"
                            + " ms",
                    events,
                    records,
                    grace.toMillis());
        }
    }

    /** Waits until every published batch has left the event bus for the connectors' queues. */
    private static void awaitArrival(List<ConnectorLink> links, long deadline) {
        while (!links.stream().allMatch(ConnectorLink::caughtUp) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private static Duration remaining(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private void startConnectors(CodeletRuntime runtime) throws StartException {
        try {
            spool = config.outputs().spool().map(SpoolFolder::open);
            var source = outputs.view().source();
            for (var entry : config.connectors().entrySet()) {
                var name = entry.getKey();
                var context = new ConnectorContext(name, vertx, source, spool.isPresent());
                var verticle = new ConnectorVerticle(
                        name,
                        Connectors.create(context, entry.getValue()),
                        bus,
                        config.outputs().queueBytes(),
                        ConnectorLink.namedBy(name),
                        spool);
                deploy(verticle);
                outputs.add(verticle.link());
            }
            spool.ifPresent(SpoolFolder::begin);
        } catch (ConnectorException e) {
            throw new StartException(e.getMessage(), e);
        }
        runtime.countStreams(this::counted);
    }

    /** What a spool owes a stream can be told after a kill only if what codelets submitted is counted where it stays. */
    private Optional<MemorySegment> counted(StreamDescriptor stream) {
        if (!(stream.delivery() instanceof AtLeastOnce)) {
            return Optional.empty();
        }
        outputs.links().forEach(link -> link.expect(stream));
        return spool.map(folder -> folder.submitted(stream.name()));
    }

    private void startHttp(CodeletRuntime runtime, Optional<LiveSettings> settings) throws StartException {
        var audit = new AuditLog();
        var verticle = new HttpVerticle(
                http,
                door,
                outputs,
                api(runtime, audit, settings),
                tokens,
                bus,
                config.outputs().queueBytes(),
                (event, detail) -> tellOfCertificate(audit, event, detail));
        deploy(verticle);
        if (verticle.certificateEnd().isPresent()) {
            outputs.certificate(() -> verticle.certificateEnd().orElseThrow());
        }
        port = verticle.port();
        outputs.live(verticle.hub());
        outputs.add(verticle.live());
        runtime.listen(audit);
        InputBus.listen(bus, runtime);
        writeRunFile();
    }

    private static void tellOfCertificate(AuditLog audit, String event, String detail) {
        audit.note("tls", event, "http.tls", detail);
        LOG.atLevel(event.equals("certificate_refused") ? Level.WARN : Level.INFO)
                .log(detail);
    }

    private ControlApi api(CodeletRuntime runtime, AuditLog audit, Optional<LiveSettings> settings)
            throws StartException {
        try {
            return new ControlApi(
                    runtime,
                    outputs.view(),
                    audit,
                    http,
                    config.admission(),
                    settings,
                    () -> Optional.ofNullable(fleet).map(Fleet::lists));
        } catch (IOException e) {
            throw new StartException("there is no place for uploads: " + e.getMessage(), e);
        }
    }

    /** Without the file the tokens are known to this JVM only, which is no reason to keep an application from starting. */
    private void writeRunFile() {
        try {
            runFile = RunFile.write(config.http().runFolder(), url(), port, tokens);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("the run file cannot be written, so nobody can be given a token: {}", e.toString());
        }
    }

    private void deleteRunFile() {
        try {
            if (runFile != null) {
                Files.deleteIfExists(runFile);
            }
        } catch (IOException e) {
            LOG.warn("the run file `{}` stays: {}", runFile, e.toString());
        }
    }

    private void startCores(CodeletRuntime runtime) throws StartException {
        runtime.output(bus::publish);
        var next = runtime.cores().iterator();
        var deployed = cores.deployVerticle(
                () -> new CoreVerticle(next.next()),
                new DeploymentOptions().setInstances(config.runtime().cores()));
        await(deployed);
    }

    /** Last, because from now on others have sets loaded here. */
    private void joinFleet(CodeletRuntime runtime) throws StartException {
        if (config.cluster().isPresent()) {
            try {
                fleet = Fleet.join(
                        config.cluster().get(),
                        runtime,
                        outputs.view(),
                        url(),
                        options(1, 2)); // its changes, its lists
            } catch (IOException e) {
                throw new StartException(e.getMessage(), e);
            }
        }
    }

    /** First, because an end here is none of the fleet's sets. */
    private void leaveFleet() {
        if (fleet != null) {
            fleet.close();
        }
    }

    /** Whether the fleet has decided about a set. */
    boolean fleetKnows(String set) {
        return fleet != null && fleet.knows(set);
    }

    private void deploy(Deployable verticle) throws StartException {
        await(vertx.deployVerticle(verticle));
    }

    private void await(Future<?> started) throws StartException {
        try {
            join(started);
        } catch (CompletionException e) {
            var cause = e.getCause();
            throw cause instanceof BindException
                    ? new StartException(
                            "port " + config.http().port() + " of "
                                    + config.http().host()
                                    + " is in use: stop the program that listens there, or choose another port",
                            cause)
                    : new StartException(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** Closes all connectors at the same time. */
    private void closeLinks(Duration grace) {
        var closing = outputs.links().stream().map(link -> link.close(grace)).toList();
        closing.forEach(Deployment::join);
        spool.ifPresent(SpoolFolder::close);
    }

    private void closeVertx() {
        for (var future : List.of(cores.close(), vertx.close())) {
            try {
                future.toCompletionStage().toCompletableFuture().get(CLOSE_VERTX.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
                LOG.warn("Vert.x did not close", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static VertxOptions options(int eventLoops, int workers) {
        return new VertxOptions()
                .setEventLoopPoolSize(eventLoops)
                .setWorkerPoolSize(workers)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }
}

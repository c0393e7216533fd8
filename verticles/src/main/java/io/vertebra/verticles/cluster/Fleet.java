package io.vertebra.verticles.cluster;

import io.vertebra.config.ClusterSettings;
import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.CodeletSetDescriptor.Scope;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.runtime.codelet.SetListener;
import io.vertebra.verticles.api.RuntimeView;
import io.vertebra.vm.map.BpfMap;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This Vertebra as a member of a fleet: what the package describes, put together. Thread-safe. */
public final class Fleet implements SetListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

    private static final int BEATS_UNTIL_LOST = 5;
    private static final Duration CATCH_UP = Duration.ofSeconds(10);
    private static final Duration CLOSE = Duration.ofSeconds(10);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final ClusterSettings settings;
    private final CodeletRuntime runtime;
    private final FleetTable table;
    private final Members members;
    private final Applier applier;
    private final Set<String> pulling = ConcurrentHashMap.newKeySet();
    private final String name;
    private final String url;
    private final String startedAt = Instant.now().toString();
    private final Channel channel;
    private final WorkerExecutor worker;
    private final FleetLists lists;
    private final AtomicBoolean applying = new AtomicBoolean();
    private volatile boolean joined;
    private volatile boolean leaving;

    private Fleet(
            ClusterSettings settings,
            CodeletRuntime runtime,
            RuntimeView view,
            Channel channel,
            String url,
            Path folder) {
        this.settings = settings;
        this.runtime = runtime;
        this.channel = channel;
        this.url = url;
        this.name = settings.member().orElseGet(() -> host() + url.substring(url.lastIndexOf(':')));
        this.table = new FleetTable(settings.maxBytes());
        this.members = new Members(settings.lostAfter(), System::nanoTime);
        this.applier = new Applier(runtime, table, folder);
        this.worker = channel.vertx().createSharedWorkerExecutor("vertebra-fleet", 1);
        this.lists = new FleetLists(this, view, members, channel);
    }

    /**
     * Joins a fleet and takes over its sets, as far as they can be loaded here.
     *
     * @param url of the control plane
     * @param options of the Vert.x that the fleet gets for itself
     * @throws IOException saying why that is impossible; nothing is left running
     */
    public static Fleet join(
            ClusterSettings settings, CodeletRuntime runtime, RuntimeView view, String url, VertxOptions options)
            throws IOException {
        var seal = seal(settings);
        Channel channel;
        try {
            channel = Waiting.await(Channel.open(options, settings, seal), Duration.ofMinutes(2));
        } catch (IOException | NoClassDefFoundError e) {
            var missing =
                    e instanceof NoClassDefFoundError ? ": io.vertx:vertx-hazelcast is not on the class path" : "";
            throw new IOException(
                    "cluster: no member can be started at " + settings.host() + ":" + settings.port()
                            + (missing.isEmpty() ? ", " + e.getMessage() : missing),
                    e);
        }
        var fleet = new Fleet(
                settings, runtime, view, channel, url, Files.createTempDirectory("vertebra-fleet")); // mode 0700
        try {
            fleet.start();
            return fleet;
        } catch (IOException | RuntimeException e) {
            fleet.close();
            throw e;
        }
    }

    private static Seal seal(ClusterSettings settings) throws IOException {
        try {
            return Seal.of(settings.name(), settings.secretFile());
        } catch (IOException e) {
            throw new IOException("cluster.secret_file `" + settings.secretFile() + "`: " + e.getMessage(), e);
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "localhost";
        }
    }

    private void start() throws IOException {
        Waiting.await(channel.listen(this::heard, this::answer), CLOSE);
        runtime.listen(this);
        channel.vertx().setPeriodic(settings.lostAfter().toMillis() / BEATS_UNTIL_LOST, _ -> beat());
        channel.tell(ownBeat());
        awaitOthers();
        for (var member : members.present()) {
            if (member.member().equals(name)) {
                throw new IOException("cluster.member `" + name + "`: the fleet has one of this name, started at "
                        + member.startedAt() + " with " + member.url() + ", allowed is another name");
            }
        }
        joined = true;
        LOG.info(
                "member `{}` of fleet `{}`, with {}",
                name,
                settings.name(),
                members.present().stream().map(Beat::member).toList());
    }

    /** The sets of the others are here when a member starts, unless it is cut off from one. */
    private void awaitOthers() {
        long deadline = System.nanoTime() + CATCH_UP.toNanos();
        while (members.all().size() < channel.size() - 1
                || !pulling.isEmpty()
                || members.present().stream().anyMatch(beat -> !beat.table().equals(table.digest()))) {
            if (System.nanoTime() - deadline > 0) {
                LOG.warn(
                        "cluster: {} members are connected, {} are heard; those with another cluster.secret_file never"
                                + " will be",
                        channel.size() - 1,
                        members.present().size());
                return;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** What the API shows of the fleet. */
    public FleetLists lists() {
        return lists;
    }

    /** Whether the fleet has decided about a set of this name: that it is loaded, or that it is not any more. */
    public boolean knows(String set) {
        return table.entry(set).isPresent();
    }

    // ---- changes here ----

    /** A set that would be too much for the fleet is refused. */
    @Override
    public void ready(CodeletSetDescriptor descriptor, Function<String, BpfMap> map) throws LoadException {
        if (descriptor.scope() == Scope.CLUSTER && !Applier.applying()) {
            long bytes = 0;
            for (var object : descriptor.codelets().stream()
                    .map(c -> c.object())
                    .distinct()
                    .toList()) {
                bytes += object.toFile().length();
            }
            var refusal = table.refusal(descriptor.name(), bytes);
            if (refusal.isPresent()) {
                throw new LoadException(
                        LoadException.Stage.RESOURCES, "set `" + descriptor.name() + "`: " + refusal.get());
            }
        }
    }

    /** What was changed here on purpose is for the whole fleet. */
    @Override
    public void changed(CodeletSet set, Change change) {
        if (leaving || Applier.applying()) {
            return;
        }
        boolean ofFleet =
                table.entry(set.name()).filter(entry -> !entry.unloaded()).isPresent();
        switch (change) {
            case LOADED, REPLACED -> {
                if (set.source().isPresent()) {
                    table.loaded(set.name(), set.digest(), set.source().get(), name);
                } else if (ofFleet && change == Change.REPLACED) {
                    table.unloaded(set.name(), name);
                }
            }
            case UNLOADED -> {
                if (ofFleet && set.descriptor().scope() == Scope.CLUSTER) {
                    table.unloaded(set.name(), name);
                }
            }
            case ENABLED, DISABLED -> {
                // is this member's own affair
            }
        }
        apply();
    }

    /** Unloads a set everywhere that is not loaded here. */
    boolean unload(String set) {
        boolean known = table.entry(set).filter(entry -> !entry.unloaded()).isPresent();
        if (known) {
            table.unloaded(set, name);
            apply();
        }
        return known;
    }

    // ---- what others say ----

    private void heard(Beat beat) {
        boolean news = members.all().stream().noneMatch(m -> m.beat().node().equals(beat.node()));
        members.heard(beat);
        if (!beat.leaving() && !beat.table().equals(table.digest()) && pulling.add(beat.node())) {
            worker.executeBlocking(() -> pull(beat), true)
                    .onFailure(e -> LOG.info("member `{}` did not answer: {}", beat.member(), e.getMessage()))
                    .onComplete(_ -> pulling.remove(beat.node()));
        }
        if (news && !leaving) {
            channel.tell(ownBeat()); // whoever joins knows all at once
        }
    }

    /** Takes over a member's newer entries and their files. */
    private Void pull(Beat beat) throws IOException {
        var answer = ask(beat, new JsonObject().put("want", "table"));
        var entries = new JsonArray(Buffer.buffer(answer))
                .stream().map(entry -> Entry.of((JsonObject) entry)).toList();
        boolean changed = table.merge(entries);
        for (var entry : table.entries()) {
            for (var part : table.missing(entry)) {
                try {
                    table.put(
                            part, ask(beat, new JsonObject().put("want", "file").put("sha256", part.sha256())));
                } catch (IOException e) {
                    LOG.info("member `{}` has no file `{}` of set `{}`", beat.member(), part.name(), entry.set());
                }
            }
        }
        applyNow();
        if (changed) {
            channel.tell(ownBeat());
        }
        return null;
    }

    private byte[] ask(Beat beat, JsonObject question) throws IOException {
        return Waiting.await(channel.ask(beat.node(), question), CLOSE);
    }

    private Future<Optional<byte[]>> answer(JsonObject question) {
        return switch (question.getString("want", "")) {
            case "table" -> {
                var entries = new JsonArray();
                table.entries().forEach(entry -> entries.add(entry.json()));
                yield Future.succeededFuture(Optional.of(entries.toBuffer().getBytes()));
            }
            case "file" -> Future.succeededFuture(table.file(question.getString("sha256", "")));
            case "list" -> lists.own(question.getString("what", ""));
            default -> Future.succeededFuture(Optional.empty());
        };
    }

    // ---- every now and then ----

    /** However long a set takes to load, this member is heard. */
    private void beat() {
        members.tell();
        apply();
    }

    /** Tells the others how it is here, and does what is left to do after what is under way. */
    private void apply() {
        channel.tell(ownBeat());
        if (applying.compareAndSet(false, true)) {
            worker.executeBlocking(
                            () -> {
                                applying.set(false);
                                applyNow();
                                return null;
                            },
                            true)
                    .onFailure(e -> LOG.warn("the fleet's sets could not be looked after", e));
        }
    }

    private void applyNow() {
        if (!leaving) {
            applier.apply();
        }
    }

    Beat ownBeat() {
        return new Beat(name, channel.node(), url, startedAt, leaving, table.digest(), applier.statuses());
    }

    /** Says goodbye. The sets stay as they are, here and elsewhere. */
    @Override
    public void close() {
        leaving = true;
        if (joined) {
            channel.tell(ownBeat());
        }
        try {
            Waiting.await(worker.executeBlocking(() -> null, true), CLOSE);
            Waiting.await(channel.close(), CLOSE);
            applier.close();
        } catch (IOException e) {
            LOG.warn("cluster: this member did not leave as it should: {}", e.getMessage());
        }
    }
}

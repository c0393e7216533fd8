package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.admission.Admission;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.runtime.codelet.SetListener.Change;
import io.vertebra.runtime.dispatch.Attachment;
import io.vertebra.runtime.dispatch.CoreDispatcher;
import io.vertebra.runtime.dispatch.Dispatcher;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.hook.HookRegistry;
import io.vertebra.runtime.limit.DetachReason;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.OutputDrain;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.runtime.report.Reports;
import io.vertebra.verifier.Verifier;
import io.vertebra.vm.helper.BoundHelpers;
import io.vertebra.vm.helper.HelperAbi;
import io.vertebra.vm.helper.HelperRegistry;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.helper.TraceSink;
import io.vertebra.vm.map.BpfMap;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Runs codelet sets on the hooks of this process: loads, attaches, dispatches, accounts. Thread-safe.
 *
 * <p>It has no threads for its cores: whoever embeds it drives each {@link CoreDispatcher} (the verticles do, one event
 * loop each). Inline codelets need no driver, but for the callbacks of their timers.
 *
 * <pre>{@code
 * try (var runtime = CodeletRuntime.start(RuntimeSettings.defaults())) {
 *     CodeletSet set = runtime.load(Path.of("request-latency.yaml"));
 *     ...
 * }
 * }</pre>
 */
public final class CodeletRuntime implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(CodeletRuntime.class.getName());
    private static final Duration UNLOAD_PATIENCE = Duration.ofSeconds(5);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

    private final RuntimeSettings settings;
    private final Dispatcher dispatcher;
    private final HelperRegistry helpers;
    private final Verification verification;
    private final List<CodeletSet> sets = new CopyOnWriteArrayList<>();
    private final List<SetListener> listeners = new CopyOnWriteArrayList<>();
    private final Object lifeCycle = new Object();
    private final AccountHistory history = new AccountHistory(); // guarded by itself
    private volatile Consumer<OutputBatch> sink;
    private volatile Admission admission = Admission.OPEN;
    private volatile Function<StreamDescriptor, Optional<MemorySegment>> counters = _ -> Optional.empty();
    private boolean closed; // guarded by lifeCycle

    private CodeletRuntime(RuntimeSettings settings, Helpers helpers, Verification verification) {
        this.verification = verification;
        this.settings = settings;
        this.dispatcher = new Dispatcher(settings, this::detached);
        Reports.of(dispatcher);
        this.helpers =
                new HelperRegistry(Map.of(HelperAbi.NATIVE, helpers, HelperAbi.JBPF, Helpers.jbpf(TraceSink.LOGGER)));
    }

    /** A runtime with the standard helpers and nothing loaded. */
    public static CodeletRuntime start(RuntimeSettings settings) {
        return start(settings, Helpers.standard());
    }

    /** A runtime with native helpers of the caller's choice and nothing loaded. */
    public static CodeletRuntime start(RuntimeSettings settings, Helpers helpers) {
        return start(settings, helpers, Verifier::verify);
    }

    static CodeletRuntime start(RuntimeSettings settings, Helpers helpers, Verification verification) {
        return new CodeletRuntime(settings, helpers, verification);
    }

    /** Asks and tells a listener from now on. */
    public void listen(SetListener listener) {
        listeners.add(listener);
    }

    /** What it was started with. */
    public RuntimeSettings settings() {
        return settings;
    }

    /**
     * Gives codelets the methods of an interface as helpers; those that are loaded later can call them.
     *
     * @param lookup of a class that may call the interface's methods
     * @return prototypes for the verifier and declarations for C
     * @throws IllegalArgumentException naming all that is wrong with the interface, or both helpers that have the same
     *     number or name
     */
    public <T> BoundHelpers helpers(MethodHandles.Lookup lookup, Class<T> group, T implementation) {
        return helpers.add(lookup, group, implementation);
    }

    /** The helpers that the application has added, by interface. */
    public List<BoundHelpers> helpers() {
        return helpers.groups();
    }

    /**
     * Reads, verifies and attaches a set: whole, or not at all.
     *
     * @throws LoadException saying what is wrong; nothing has changed then
     */
    public CodeletSet load(Path descriptor) throws LoadException {
        return open(descriptor).load();
    }

    /**
     * Reads a descriptor and its objects, so that variables can be set before the load.
     *
     * @throws LoadException when one of them cannot be read or breaks rules
     */
    public OpenSet open(Path descriptor) throws LoadException {
        return open(SetFiles.read(descriptor));
    }

    /** As {@link #open(Path)}, with a descriptor that was read already and has no signature. */
    public OpenSet open(CodeletSetDescriptor descriptor) throws LoadException {
        return open(SetFiles.of(descriptor));
    }

    /** As {@link #open(Path)}, with files that were read already. */
    public OpenSet open(SetFiles files) throws LoadException {
        return OpenSet.of(this, files, admission);
    }

    /** What sets are admitted by from now on; every set when it was never called. */
    public void admission(Admission rules) {
        admission = rules;
    }

    CodeletSet load(OpenSet opened) throws LoadException {
        var descriptor = opened.descriptor();
        synchronized (lifeCycle) {
            if (set(descriptor.name()).isPresent()) {
                throw new LoadException(
                        Stage.DESCRIPTOR,
                        "set `" + descriptor.name() + "`: already loaded, replace it or unload it first");
            }
            var version = attach(opened, Optional.empty());
            var set = new CodeletSet(this, version, opened);
            sets.add(set);
            changed(set, Change.LOADED);
            return set;
        }
    }

    /** Prepares a version of a set and leads the hooks to it, away from the one before; changes nothing when it throws. */
    private SetVersion attach(OpenSet opened, Optional<SetVersion> before) throws LoadException {
        var descriptor = opened.descriptor();
        if (closed) {
            throw new LoadException(Stage.RESOURCES, "set `" + descriptor.name() + "`: the runtime is closed");
        }
        var others =
                sets.stream().filter(s -> !s.name().equals(descriptor.name())).toList();
        var taken = new CodeletSetLoader.Taken(
                others.stream()
                        .flatMap(s -> s.streams().stream())
                        .map(StreamDescriptor::name)
                        .collect(Collectors.toSet()),
                others.stream()
                        .flatMap(s -> s.inputs().stream())
                        .map(InputChannel::name)
                        .collect(Collectors.toSet()));
        var next = new CodeletSetLoader(helpers, dispatcher, verification)
                .prepare(descriptor, opened.objects(), opened.grant(), taken, before);
        for (var listener : listeners) {
            listener.ready(next.descriptor(), name -> next.maps().find(name).orElseThrow());
        }
        var drains = before.map(next::drainsNotIn).orElse(next.drains());
        drains.forEach(drain -> counters.apply(drain.stream()).ifPresent(drain::countInto));
        drains.forEach(dispatcher::add);
        try {
            dispatcher.replace(before.map(SetVersion::attachments).orElse(List.of()), next.attachments());
        } catch (IllegalStateException e) {
            drains.forEach(drain -> dispatcher.remove(drain, null, Duration.ZERO));
            throw new LoadException(Stage.HOOK, e.getMessage(), e);
        }
        return next;
    }

    void replace(CodeletSet set, OpenSet opened) throws LoadException {
        SetVersion before;
        SetVersion next;
        synchronized (lifeCycle) {
            if (!(set.state() instanceof CodeletSetState.Attached)) {
                throw new LoadException(
                        Stage.DESCRIPTOR,
                        "set `" + set.name() + "`: it is " + set.state().label() + ", allowed is attached");
            }
            if (!opened.descriptor().name().equals(set.name())) {
                throw new LoadException(
                        Stage.DESCRIPTOR,
                        "set `" + set.name() + "`: the new version is called `"
                                + opened.descriptor().name() + "`, needed is the same name");
            }
            before = set.version();
            next = attach(opened, Optional.of(before));
            set.replaceWith(next, opened);
            before.endTimersNotIn(next);
            changed(set, Change.REPLACED);
        }
        dispatcher.awaitQuiet(before.attachments(), UNLOAD_PATIENCE);
        synchronized (lifeCycle) {
            if (set.leaving().isPresent()) { // not when close has taken over meanwhile
                before.drainsNotIn(next).forEach(drain -> dispatcher.remove(drain, sink, UNLOAD_PATIENCE));
                forgetLeaving(set);
                set.enter(new CodeletSetState.Attached(Instant.now()));
            }
        }
    }

    void disable(CodeletSet set) {
        synchronized (lifeCycle) {
            if (!closed) {
                dispatcher.replace(set.version().attachments(), List.of());
                set.enter(new CodeletSetState.Disabled(Instant.now()));
                changed(set, Change.DISABLED);
            }
        }
    }

    void enable(CodeletSet set) {
        synchronized (lifeCycle) {
            if (!closed) {
                dispatcher.replace(List.of(), set.version().attachments());
                set.enter(new CodeletSetState.Attached(Instant.now()));
                changed(set, Change.ENABLED);
            }
        }
    }

    void unload(CodeletSet set) {
        var version = set.version();
        synchronized (lifeCycle) {
            if (!sets.contains(set)) {
                return;
            }
            set.enter(new CodeletSetState.Draining(Instant.now()));
            dispatcher.detach(version.attachments());
            version.endTimers();
        }
        dispatcher.awaitQuiet(version.attachments(), UNLOAD_PATIENCE);
        synchronized (lifeCycle) {
            if (sets.contains(set)) { // not when close has taken over meanwhile
                version.drains().forEach(drain -> dispatcher.remove(drain, sink, UNLOAD_PATIENCE));
                forget(set);
                changed(set, Change.UNLOADED);
            }
        }
    }

    private void changed(CodeletSet set, Change change) {
        for (var listener : listeners) {
            try {
                listener.changed(set, change);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "set `" + set.name() + "`: a listener failed", e);
            }
        }
    }

    /** A limit has detached a codelet. */
    private void detached(Attachment attachment, DetachReason reason) {
        var name = attachment.codeletSet() + "/" + attachment.codelet();
        LOG.log(
                System.Logger.Level.WARNING,
                "codelet `" + name + "`: detached from hook `"
                        + attachment.hook().name() + "`: " + reason.text());
        for (var listener : listeners) {
            try {
                listener.detached(attachment.codeletSet(), attachment.codelet(), reason);
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "codelet `" + name + "`: a listener failed", e);
            }
        }
    }

    /** The version before the set's goes into the history. */
    private void forgetLeaving(CodeletSet set) {
        synchronized (history) {
            set.leaving().ifPresent(before -> {
                dispatcher.accounts(before.attachments()).forEach(history::add);
                before.drainsNotIn(set.version()).forEach(drain -> history.add(drain.account()));
            });
            set.left();
        }
    }

    private void forget(CodeletSet set) {
        synchronized (history) {
            sets.remove(set);
            set.accounts().forEach(history::add);
            set.streamAccounts().forEach(history::add);
            set.enter(new CodeletSetState.Unloaded(Instant.now()));
        }
    }

    /** Sets that are not unloaded, in load order. */
    public List<CodeletSet> sets() {
        return List.copyOf(sets);
    }

    /** The set with a name that is not unloaded. */
    public Optional<CodeletSet> set(String name) {
        return sets.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /**
     * A live map.
     *
     * @param path {@code set/map}, or {@code set/codelet/map}
     * @throws IllegalArgumentException when there is none, naming those that there are
     */
    public BpfMap map(String path) {
        int slash = path.indexOf('/');
        return set(slash < 0 ? path : path.substring(0, slash))
                .flatMap(s -> s.map(path.substring(slash + 1)))
                .orElseThrow(() -> new IllegalArgumentException("map `" + path + "`: unknown, known are "
                        + sets.stream()
                                .flatMap(s -> s.maps().keySet().stream().map(m -> s.name() + "/" + m))
                                .toList()));
    }

    /**
     * What records can be sent into.
     *
     * @throws IllegalArgumentException when there is no such input, naming those that there are
     */
    public InputChannel input(String name) {
        return inputs().stream()
                .filter(input -> input.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("input `" + name + "`: unknown, known are "
                        + inputs().stream().map(InputChannel::name).toList()));
    }

    /** The inputs of all sets. */
    public List<InputChannel> inputs() {
        return sets.stream().flatMap(s -> s.inputs().stream()).toList();
    }

    /** The cores. Each must be driven by one thread: see {@link CoreDispatcher}. */
    public List<CoreDispatcher> cores() {
        return dispatcher.cores();
    }

    /**
     * Where batches of records go. Called by the drivers of the cores, so it must not block; and by the closing thread.
     * Until it is set, records stay in their ring buffers.
     */
    public void output(Consumer<OutputBatch> batches) {
        sink = batches;
        dispatcher.sink(batches);
    }

    /**
     * Where else the records of streams are counted; asked once for each stream that is loaded from now on. See {@link
     * OutputDrain#countInto}.
     */
    public void countStreams(Function<StreamDescriptor, Optional<MemorySegment>> elsewhere) {
        counters = elsewhere;
    }

    /** The streams of all sets. */
    public List<StreamDescriptor> streams() {
        return sets.stream().flatMap(s -> s.streams().stream()).toList();
    }

    /**
     * What became of every event since the start, by set, codelet, hook and execution; sets that are gone included.
     * Exact while no hook fires and no core runs, a moment's picture otherwise.
     */
    public List<AttachmentAccount> accounts() {
        synchronized (history) {
            var all = new AccountHistory(history);
            sets.forEach(s -> s.accounts().forEach(all::add));
            return all.attachments();
        }
    }

    /** What became of every record on its way out of its ring buffer, by stream; sets that are gone included. */
    public List<OutputAccount> streamAccounts() {
        synchronized (history) {
            var all = new AccountHistory(history);
            sets.forEach(s -> s.streamAccounts().forEach(all::add));
            return all.outputs();
        }
    }

    List<AttachmentAccount> accounts(Collection<Attachment> attachments) {
        return dispatcher.accounts(attachments);
    }

    /** Runs, errors and run times of every codelet. */
    public List<CodeletStatistics> statistics() {
        return sets.stream().flatMap(s -> s.statistics().stream()).toList();
    }

    /** As {@link #statistics}, by hook; with the events that were dropped on the way to the codelets. */
    public List<HookStatistics> hookStatistics() {
        return HookStatistics.of(
                statistics(), sets.stream().flatMap(s -> s.accounts().stream()).toList());
    }

    /** The hooks of this process. */
    public List<HookDescriptor> hooks() {
        return HookRegistry.hooks();
    }

    /**
     * Lets go of all hooks, runs what waits in the rings and hands out what waits in the ring buffers, until the
     * deadline; what is left then counts as stopped. Accounts stay readable. Does nothing the second time.
     */
    public void close(Duration deadline) {
        synchronized (lifeCycle) {
            if (closed) {
                return;
            }
            closed = true;
            long end = System.nanoTime() + deadline.toNanos();
            dispatcher.letGo();
            dispatcher.finish(end);
            for (var set : sets) {
                set.leaving().ifPresent(before -> finish(before.drainsNotIn(set.version()), end));
                finish(set.version().drains(), end);
                set.version().endTimers();
                forgetLeaving(set);
                forget(set);
            }
        }
    }

    private void finish(List<OutputDrain> drains, long end) {
        for (var drain : drains) {
            long left = end - System.nanoTime();
            dispatcher.remove(drain, left > 0 ? sink : null, Duration.ofNanos(left));
        }
    }

    /** {@link #close(Duration)} with 5 seconds. */
    @Override
    public void close() {
        close(CLOSE_PATIENCE);
    }
}

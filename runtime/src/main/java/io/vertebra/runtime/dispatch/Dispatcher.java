package io.vertebra.runtime.dispatch;

import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.config.RuntimeSettings.Wake;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.hook.HookPoint;
import io.vertebra.runtime.hook.HookRegistry;
import io.vertebra.runtime.limit.DetachReason;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.OutputDrain;
import io.vertebra.vm.exec.TimerService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Attaches codelets to hooks and accounts for their events: the rings, cores, inline slots and tables of one runtime.
 * Thread-safe.
 */
public final class Dispatcher {

    private static final long POLL_NANOS = 200_000;
    private static final int DRAIN_BATCH = 256;
    private static final Duration TURN_PATIENCE = Duration.ofSeconds(1);

    private final RuntimeSettings settings;
    private final Tables tables = new Tables();
    private final CoreDispatcher[] cores;
    private final InlineSlots slots;
    private final IntervalTimer timer = new IntervalTimer();
    private final Map<String, HookSwitch> switches = new HashMap<>();
    private final RetiredTables retired = new RetiredTables(tables);
    private final OutputOwners outputs;
    private final Consumer<HookPoint> newPoints = this::lead;
    private final LimitWatch limits;
    private final Map<String, Clock> clocks = new HashMap<>();
    private final BiConsumer<Attachment, DetachReason> onDetached;

    /**
     * A dispatcher with nothing attached; it listens for new hooks until it is closed.
     *
     * @param onDetached told of each codelet that a limit has detached, by the timer's thread
     */
    public Dispatcher(RuntimeSettings settings, BiConsumer<Attachment, DetachReason> onDetached) {
        this.settings = settings;
        this.onDetached = onDetached;
        this.limits = new LimitWatch(timer, this::judge);
        cores = new CoreDispatcher[settings.cores()];
        for (int i = 0; i < cores.length; i++) {
            cores[i] = new CoreDispatcher(i, settings.ringBytes(), tables, timer);
        }
        outputs = new OutputOwners(cores);
        slots = new InlineSlots(settings.inlineSlots(), cores.length);
        HookRegistry.addListener(newPoints);
    }

    /** What is to be done while something is attached to a hook. */
    private record Clock(Duration period, Supplier<Runnable> start) {}

    /**
     * Does something again and again while a codelet is attached to a hook, by the timer's thread.
     *
     * @param start gives what is to be done, when the first is attached; it may ask for accounts
     */
    public synchronized void whileAttached(String hook, Duration period, Supplier<Runnable> start) {
        clocks.put(hook, new Clock(period, start));
    }

    /** The cores. */
    public List<CoreDispatcher> cores() {
        return List.of(cores);
    }

    /** How many copies per-CPU maps need: one for each core and each inline slot. */
    public int copies() {
        return cores.length + settings.inlineSlots();
    }

    /** Whether what a set with some policy of its own, or with none, produces wakes cores that sleep. */
    public boolean wakes(Optional<Wake> policy) {
        return policy.orElse(settings.wake()) == Wake.IMMEDIATE;
    }

    /** How many cells an attachment of an execution needs. */
    public int cells(Execution execution) {
        return switch (execution) {
            case QUEUED -> cores.length;
            case INLINE -> settings.inlineSlots() + cores.length; // callbacks of its timers run on cores
        };
    }

    /** Timers of a core's runs stay there; those of an inline slot's runs go to one core. */
    private void giveTimers(Attachment attachment) {
        int firstCore = cells(attachment.execution()) - cores.length;
        var services = new TimerService[cells(attachment.execution())];
        for (int cell = 0; cell < services.length; cell++) {
            int core = cell < firstCore ? cell % cores.length : cell - firstCore;
            services[cell] = cores[core].timers().serviceOf(attachment, firstCore + core);
        }
        attachment.timers(services);
    }

    /**
     * Leads hooks away from some codelets and to others: all, or none when it throws. Each hook changes in one step; events
     * that wait in a ring still run in the codelets that they were fired for. When it returns, every later firing offers
     * its event to the new ones.
     *
     * @throws IllegalStateException when a control hook would have two codelets
     */
    public synchronized void replace(Collection<Attachment> removed, Collection<Attachment> added) {
        var out = byHook(removed);
        var in = byHook(added);
        in.forEach((hook, its) -> requireOneController(hook, its, out.getOrDefault(hook, List.of())));
        added.forEach(this::giveTimers);
        limits.replace(removed, added);
        List<HookPoint> led = new ArrayList<>();
        List<Runnable> close = new ArrayList<>();
        Stream.concat(out.keySet().stream(), in.keySet().stream()).distinct().forEach(hook -> {
            var its = switches.computeIfAbsent(hook.name(), _ -> new HookSwitch(hook, this));
            var queued = its.queued();
            var inline = its.inline();
            led.addAll(change(its, in.getOrDefault(hook, List.of()), out.getOrDefault(hook, List.of())));
            close.add(() -> retired.add(queued, inline, its));
            if (its.isEmpty()) {
                switches.remove(hook.name());
            }
        });
        HookPoint.sync(led);
        close.forEach(Runnable::run);
        retired.sync();
        retired.forgetDrained();
        boolean looks =
                switches.values().stream().map(HookSwitch::queued).anyMatch(table -> table != null && !table.wakes());
        for (var core : cores) {
            core.lookForEvents(looks);
        }
    }

    private void requireOneController(HookDescriptor hook, List<Attachment> added, List<Attachment> removed) {
        if (!hook.control()) {
            return;
        }
        var present = switches.get(hook.name());
        List<Attachment> all = present == null ? added : present.with(added, removed);
        if (all.size() > 1) {
            throw new IllegalStateException("hook `" + hook.name() + "`: "
                    + all.stream()
                            .map(a -> "`" + a.codeletSet() + "/" + a.codelet() + "`")
                            .collect(Collectors.joining(" and "))
                    + " want to control it, a control hook takes one codelet");
        }
        if (HookRegistry.points(hook.name()).stream().anyMatch(point -> point.isTakenFor(this))) {
            throw new IllegalStateException("hook `" + hook.name()
                    + "`: another runtime of this process controls it, a control hook takes one codelet");
        }
    }

    /**
     * Detaches codelets. When it returns, none of their runs begins any more: events that wait in a ring are dropped
     * and counted when their turn comes.
     */
    public synchronized void detach(Collection<Attachment> removed) {
        removed.forEach(a -> a.detached = true);
        replace(removed, List.of());
    }

    /** Detaches what has broken its limits, between two runs as whoever detaches does. */
    private void judge() {
        Map<Attachment, DetachReason> broken;
        synchronized (this) {
            broken = limits.judge();
            if (!broken.isEmpty()) {
                broken.forEach(Attachment::detach);
                detach(broken.keySet());
            }
        }
        broken.forEach(onDetached);
    }

    private List<HookPoint> change(HookSwitch hook, List<Attachment> added, List<Attachment> removed) {
        var next = hook.with(added, removed);
        var queued = HookSwitch.of(Execution.QUEUED, next);
        var inline = HookSwitch.of(Execution.INLINE, next);
        boolean queuedChanges = !HookSwitch.of(Execution.QUEUED, added).isEmpty()
                || !HookSwitch.of(Execution.QUEUED, removed).isEmpty();
        boolean inlineChanges = !HookSwitch.of(Execution.INLINE, added).isEmpty()
                || !HookSwitch.of(Execution.INLINE, removed).isEmpty();
        var oldQueued = hook.queued();
        var newQueued = !queuedChanges ? oldQueued : queued.isEmpty() ? null : table(queued);
        var newInline = !inlineChanges ? hook.inline() : inline.isEmpty() ? null : inlineTable(inline);
        var led = hook.lead(next, newQueued, newInline);
        Intervals.period(hook.hook().name()).ifPresent(period -> {
            if (newQueued == null) {
                timer.stop(hook.hook().name());
            } else {
                timer.start(hook.hook().name(), period, hook::queued);
            }
        });
        var clock = clocks.get(hook.hook().name());
        if (clock != null && next.isEmpty()) {
            timer.stop(hook.hook().name());
        } else if (clock != null) {
            timer.repeat(hook.hook().name(), clock.period(), clock.start());
        }
        return led;
    }

    private InlineTable inlineTable(List<Attachment> attachments) {
        var table = new InlineTable(attachments, slots);
        table.cells().ifPresent(cells -> {
            for (int i = 0; i < attachments.size(); i++) {
                attachments.get(i).join(new SlotlessCounts.Share(cells, i));
            }
        });
        return table;
    }

    private QueuedTable table(List<Attachment> attachments) {
        var table = tables.add(id -> new QueuedTable(id, attachments, cores, settings.payloadMax()));
        attachments.forEach(a -> a.tables.add(table));
        return table;
    }

    private synchronized void lead(HookPoint point) {
        var hook = switches.get(point.descriptor().name());
        if (hook != null) {
            hook.lead(point);
        }
    }

    private static Map<HookDescriptor, List<Attachment>> byHook(Collection<Attachment> attachments) {
        Map<HookDescriptor, List<Attachment>> byHook = new LinkedHashMap<>();
        attachments.forEach(
                a -> byHook.computeIfAbsent(a.hook(), _ -> new ArrayList<>()).add(a));
        return byHook;
    }

    /**
     * Waits until detached codelets have no run under way and no event in a ring.
     *
     * @return false when that was not so in time, for example because nobody drives a core
     */
    public boolean awaitQuiet(Collection<Attachment> detached, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        boolean quiet = awaitRuns(deadline);
        if (detached.stream().anyMatch(Attachment::mayHaveTimers)) {
            quiet &= awaitTurns(deadline);
        }
        while (hasTables(detached)) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            for (var core : cores) {
                core.wake();
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        slots.forget();
        for (var core : cores) {
            core.forget();
        }
        return quiet;
    }

    /** Waits until every inline run has ended that began before. */
    private boolean awaitRuns(long deadline) {
        boolean inSlots = slots.awaitRuns(deadline);
        return awaitLeaving(deadline) && inSlots;
    }

    /** Waits until no run without a slot is under way in a table that was closed before. */
    private boolean awaitLeaving(long deadline) {
        List<InlineTable> tables;
        synchronized (this) {
            tables = retired.inline();
        }
        for (var table : tables) {
            while (!table.isQuiet()) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return true;
    }

    /** Waits until each core has been between two turns, so that no callback of a timer is under way that began before. */
    private boolean awaitTurns(long deadline) {
        for (var core : cores) {
            while (!core.exclusively(() -> {})) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                LockSupport.parkNanos(POLL_NANOS);
            }
        }
        return true;
    }

    private synchronized boolean hasTables(Collection<Attachment> attachments) {
        retired.forgetDrained();
        return attachments.stream().anyMatch(a -> !a.tables.isEmpty());
    }

    // ---- outputs ----

    /** Gives a stream's ring buffer to a core. */
    public void add(OutputDrain output) {
        outputs.add(output);
    }

    /**
     * Hands what a stream still holds to a sink, counts the rest as stopped, and forgets the stream.
     *
     * @param sink null to count everything as stopped
     * @param atMost how long to wait for the core's turn to end, at least once
     */
    public void remove(OutputDrain output, Consumer<OutputBatch> sink, Duration atMost) {
        outputs.remove(output, sink, atMost);
    }

    /** Where all cores send their batches. */
    public void sink(Consumer<OutputBatch> batches) {
        for (var core : cores) {
            core.sink(batches);
        }
    }

    // ---- accounts ----

    /** What became of the events of some attachments; exact while no hook fires and no core runs. */
    public synchronized List<AttachmentAccount> accounts(Collection<Attachment> attachments) {
        slots.settle();
        retired.forgetDrained();
        var accounts = new EventAccounts(tables, cores);
        return attachments.stream().map(accounts::of).toList();
    }

    /** As {@link #accounts}, of all that is attached now. */
    public synchronized Map<Attachment, AttachmentAccount> attachedAccounts() {
        var attached = switches.values().stream()
                .flatMap(s -> s.with(List.of(), List.of()).stream())
                .toList();
        var accounts = accounts(attached);
        Map<Attachment, AttachmentAccount> both = new LinkedHashMap<>();
        for (int i = 0; i < attached.size(); i++) {
            both.put(attached.get(i), accounts.get(i));
        }
        return both;
    }

    // ---- end ----

    /** Stops timers and leads every hook away from its codelets; events that wait in a ring still run. */
    public synchronized void letGo() {
        HookRegistry.removeListener(newPoints);
        switches.values().stream()
                .flatMap(s -> s.with(List.of(), List.of()).stream())
                .toList()
                .forEach(a -> replace(List.of(a), List.of()));
        timer.close();
    }

    /**
     * Runs what waits in the rings, beside whoever drives the cores, then counts the rest as stopped.
     *
     * @param deadline in nanoseconds of {@code System.nanoTime}
     */
    public void finish(long deadline) {
        awaitRuns(deadline);
        while (System.nanoTime() - deadline < 0 && hasClosing()) {
            help();
        }
        for (var core : cores) {
            core.stop();
        }
        long patience = System.nanoTime() + TURN_PATIENCE.toNanos();
        while (System.nanoTime() - patience < 0 && hasClosing()) {
            help();
        }
    }

    private synchronized boolean hasClosing() {
        retired.forgetDrained();
        return retired.hasQueued();
    }

    private void help() {
        int done = 0;
        for (var core : cores) {
            done += core.runOnce(DRAIN_BATCH);
        }
        if (done == 0) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}

package io.vertebra.runtime.dispatch;

import io.vertebra.config.CodeletSetDescriptor.Execution;
import io.vertebra.runtime.account.RunTimes;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.limit.CodeletLimits;
import io.vertebra.runtime.limit.DetachReason;
import io.vertebra.runtime.limit.RateLimit;
import io.vertebra.runtime.limit.RunGuard;
import io.vertebra.vm.exec.CompiledProgram;
import io.vertebra.vm.exec.DirectCode;
import io.vertebra.vm.exec.Executable;
import io.vertebra.vm.exec.RunContext;
import io.vertebra.vm.exec.TimerService;
import io.vertebra.vm.exec.TimerTask;
import io.vertebra.vm.program.FiredHook;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;

/**
 * One codelet on one hook: what runs, and the counts of what happened. Counts of runs lie in one padded cell for each
 * core or inline slot, which alone writes it; they are plain, because whoever writes them publishes later.
 */
public final class Attachment {

    static final int OFFERED = 0;
    static final int OK = 1;
    static final int FAILED = 2;
    static final int DETACHED = 3;
    static final int STOPPED = 4;
    static final int CUT = 5;
    static final int RATE_LIMITED = 6;
    /** Events of a portion of the rate limit that have not come yet. */
    private static final int TOKENS = 7;

    private static final int FIRST = 16; // longs: two cache lines before and between cells
    private static final int SAMPLED = 1023; // one run in 1,024 is timed
    private static final int CLOSELY_SAMPLED = 63; // under a limit: one in 64, unless it takes no slot

    private final String codeletSet;
    private final String codelet;
    private final HookDescriptor hook;
    private final Execution execution;
    private final int priority;
    private final Executable executable;
    private final DirectCode.OnWords onWords; // null for none
    private final Set<Integer> helpers;
    private final long timeLimit;
    private final boolean hasTimers;
    private final boolean wakes;
    /** Counts by core or inline slot: see {@link #cell}. */
    final long[] cells;

    private final RateLimit rate; // null for none
    private final RunTimeSamples runTimes;
    private final int sampled;
    private final RunGuard guard; // guarded by the dispatcher's lock
    private volatile Detachment detachment; // null while no limit is broken
    private volatile Throwable lastError;

    /** Inline events that found no slot. */
    final LongAdder noSlot = new LongAdder();

    /** By core or inline slot: what starts timers of its runs. Set before it is attached. */
    private TimerService[] timers = {};

    /** Set before the hook lets go: events that still wait are dropped. */
    volatile boolean detached;

    /** Tables that hold this attachment and are not forgotten yet. Guarded by the dispatcher's lock. */
    final List<QueuedTable> tables = new ArrayList<>();

    /** Counts of inline runs that took no slot. Changed under the dispatcher's lock. */
    private volatile SlotlessCounts slotless = SlotlessCounts.NONE;

    /** Counts of forgotten tables. Guarded by the dispatcher's lock. */
    TableCounts forgotten = TableCounts.NONE;

    /**
     * An attachment that is not attached yet.
     *
     * @param codeletSet the set's name
     * @param codelet the codelet's name
     * @param hook where it belongs
     * @param execution when it runs
     * @param priority higher runs first
     * @param executable what runs
     * @param helpers ids of the helpers that it may call
     * @param runtimeThreshold what runs can ask a helper for, 0 for none
     * @param limits when it is dropped an event, or detached
     * @param wakes whether its queued events wake a core that sleeps
     * @param cells cores for a queued attachment, inline slots for an inline one
     */
    public Attachment(
            String codeletSet,
            String codelet,
            HookDescriptor hook,
            Execution execution,
            int priority,
            Executable executable,
            Set<Integer> helpers,
            Duration runtimeThreshold,
            CodeletLimits limits,
            boolean wakes,
            int cells) {
        this.codeletSet = codeletSet;
        this.codelet = codelet;
        this.hook = hook;
        this.execution = execution;
        this.priority = priority;
        this.executable = executable;
        this.onWords = executable.direct().flatMap(DirectCode::onWords).orElse(null);
        this.helpers = Set.copyOf(helpers);
        this.timeLimit = runtimeThreshold.toNanos();
        this.hasTimers = executable.maps().stream().anyMatch(map -> map.opaque().hasTimer());
        this.rate = limits.rate().orElse(null);
        this.runTimes =
                new RunTimeSamples(limits.runTimeP99().map(Duration::toNanos).orElse(Long.MAX_VALUE));
        this.sampled = limits.runTimeP99().isPresent() ? CLOSELY_SAMPLED : SAMPLED;
        this.guard = new RunGuard(limits.runTimeP99(), limits.maxFaults());
        this.wakes = wakes;
        this.cells = new long[cell(cells)];
    }

    /** That a limit has taken the codelet off its hook. */
    public record Detachment(Instant since, DetachReason reason) {}

    /** The set's name. */
    public String codeletSet() {
        return codeletSet;
    }

    /** The codelet's name. */
    public String codelet() {
        return codelet;
    }

    /** The hook. */
    public HookDescriptor hook() {
        return hook;
    }

    /** When it runs. */
    public Execution execution() {
        return execution;
    }

    /** {@code queued} or {@code inline}. */
    public String executionLabel() {
        return execution.name().toLowerCase(Locale.ROOT);
    }

    /** {@code jit} or {@code interpreter}. */
    public String executorLabel() {
        return executable instanceof CompiledProgram ? "jit" : "interpreter";
    }

    /** Higher runs first. */
    public int priority() {
        return priority;
    }

    /** What runs. */
    public Executable executable() {
        return executable;
    }

    /** Whether its queued events wake a core that sleeps. */
    boolean wakes() {
        return wakes;
    }

    /** Whether some map of the codelet has timers in its values. */
    boolean mayHaveTimers() {
        return hasTimers;
    }

    /** Whether the codelet calls a helper. */
    boolean calls(int helper) {
        return helpers.contains(helper);
    }

    /** Runs that ended normally, so far. */
    public long ok() {
        return sum(OK) + slotless.allOk();
    }

    /** Runs that faulted, so far. */
    public long failed() {
        return sum(FAILED) + slotless.allFailed();
    }

    /** Queued runs that saw only the beginning of a payload. */
    public long payloadsCut() {
        return sum(CUT);
    }

    /** How long runs took. */
    public RunTimes runTimes() {
        return runTimes.read();
    }

    /** Whether and why a limit has taken it off its hook. */
    public Optional<Detachment> detachment() {
        return Optional.ofNullable(detachment);
    }

    // ---- limits ----

    Optional<RateLimit> rate() {
        return Optional.ofNullable(rate);
    }

    /** Whether it has a limit on how long runs take. */
    boolean limitsRunTime() {
        return sampled == CLOSELY_SAMPLED;
    }

    /** Whether the rate limit lets an event pass; counts one that it does not. */
    boolean admits(int cell) {
        if (rate == null) {
            return true;
        }
        int base = cell(cell);
        if (cells[base + TOKENS] == 0) {
            cells[base + TOKENS] = rate.take();
            if (cells[base + TOKENS] == 0) {
                cells[base + RATE_LIMITED]++;
                return false;
            }
        }
        cells[base + TOKENS]--;
        return true;
    }

    /** What must detach it; under the dispatcher's lock. */
    Optional<DetachReason> judge(long now) {
        return guard.check(now, counts(), this::lastError);
    }

    /** Is about to be attached, perhaps not for the first time; under the dispatcher's lock. */
    void attach(long now) {
        guard.restart(now, counts());
        detachment = null;
        detached = false;
    }

    /** A limit takes it off its hook. */
    void detach(DetachReason reason) {
        detachment = new Detachment(Instant.now(), reason);
    }

    private RunGuard.Counts counts() {
        return new RunGuard.Counts(failed(), runTimes.samples(), runTimes.slow());
    }

    // ---- runs ----

    /** What the latest fault said. */
    public Optional<String> lastError() {
        var latest = slotless.tables().stream()
                .map(table -> table.cells().failures[table.codelet()])
                .filter(Objects::nonNull)
                .findFirst();
        return latest.or(() -> Optional.ofNullable(lastError)).map(Attachment::text);
    }

    /** A helper of the application may have thrown it: even its message may fail. */
    private static String text(Throwable error) {
        String name = error.getClass().getSimpleName();
        try {
            return Objects.requireNonNullElse(error.getMessage(), name);
        } catch (RuntimeException | Error _) {
            return name;
        }
    }

    /**
     * Runs the codelet once and counts the run. Never throws.
     *
     * @param cell the core or inline slot that runs it
     * @param otherwise the result when it fails
     * @return r0
     */
    long run(RunSlot slot, int cell, long otherwise) {
        int base = cell(cell);
        try {
            long result = executable.run(begin(slot, cell));
            ended(slot, cell);
            return result;
        } catch (Throwable e) { // whatever it is, the application must not notice; no call, the stack may have ended
            cells[base + FAILED]++;
            lastError = e;
            slot.failure = e;
            return otherwise;
        }
    }

    /** The same of a queued event whose context lies in words, for a codelet that {@link #readsWords}. Never throws. */
    void run(RunSlot slot, int cell, long[] words, int at) {
        int base = cell(cell);
        try {
            onWords.run(begin(slot, cell), words, at);
            ended(slot, cell);
        } catch (Throwable e) { // as above
            cells[base + FAILED]++;
            lastError = e;
            slot.failure = e;
        }
    }

    /** Whether it can be run on a context in words, not only in a segment. */
    boolean readsWords() {
        return onWords != null;
    }

    /** Whether its runs ask for more than the context. */
    boolean usesRun() {
        return executable.direct().map(DirectCode::usesRun).orElse(true);
    }

    /** Begins a run; it is to be counted with {@link #ended} or {@link #failed}. */
    RunContext begin(RunSlot slot, int cell) {
        int base = cell(cell);
        boolean timed = ((cells[base + OK] + cells[base + FAILED]) & sampled) == sampled;
        slot.startNanos = timed ? System.nanoTime() : 0;
        var context = slot.context.timeLimit(timeLimit);
        return hasTimers ? context.timers(timers[cell]) : context;
    }

    /** Counts a run that has ended normally: the last that it does, so that it has not when it throws. */
    void ended(RunSlot slot, int cell) {
        if (hasTimers) {
            slot.context.timers(null); // leads to this attachment
        }
        if (slot.startNanos != 0) {
            sampled(slot.startNanos);
        }
        cells[cell(cell) + OK]++;
    }

    /** Counts a run that has thrown. */
    void failed(RunSlot slot, int cell, Throwable thrown) {
        cells[cell(cell) + FAILED]++;
        lastError = thrown;
        slot.failure = thrown;
    }

    /** Notes how long a run took. */
    void sampled(long startNanos) {
        runTimes.add(System.nanoTime() - startNanos);
    }

    /** Runs the callback of a timer, unless that was cancelled, and counts the run as one that was offered. Never throws. */
    void expire(RunSlot slot, int cell, TimerTask task) {
        RunContext context = slot.context()
                .noContext()
                .noPayload()
                .hook(FiredHook.NONE)
                .eventNanos(RunContext.NOT_CAPTURED)
                .executingThread()
                .timers(timers[cell]);
        int base = cell(cell);
        try {
            if (task.run(context)) {
                cells[base + OFFERED]++;
                cells[base + OK]++;
            }
        } catch (Throwable e) { // as in run
            cells[base + OFFERED]++;
            cells[base + FAILED]++;
            lastError = e;
            slot.failure = e;
        }
    }

    /** Events whose runs were to take no slot. */
    long slotless() {
        return slotless.allOffered();
    }

    /** Joins a table whose runs take no slot. */
    void join(SlotlessCounts.Share table) {
        slotless = slotless.with(table);
    }

    /** Leaves such a table once its counts are final. */
    void leave(SlotlessCounts.Share table) {
        var error = table.cells().failures[table.codelet()];
        if (error != null) {
            lastError = error;
        }
        slotless = slotless.forget(table);
    }

    /** Sets what starts timers, by core or inline slot: one for each cell. */
    void timers(TimerService[] services) {
        timers = services;
    }

    /** Counts an event that {@link #run} does not count. */
    void count(int cell, int what) {
        cells[cell(cell) + what]++;
    }

    /** Where the counts of a core or inline slot begin in {@link #cells}. */
    static int cell(int number) {
        return (number + 1) * FIRST;
    }

    long sum(int what) {
        long sum = 0;
        for (int base = FIRST; base < cells.length; base += FIRST) {
            sum += cells[base + what];
        }
        return sum;
    }
}

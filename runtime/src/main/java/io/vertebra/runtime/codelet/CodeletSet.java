package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.admission.SetNeeds;
import io.vertebra.runtime.dispatch.Attachment;
import io.vertebra.runtime.output.OutputDrain;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.helper.Helpers;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * A loaded codelet set: its codelets, maps, streams and accounts. Thread-safe; one change at a time, others wait. Closing it
 * unloads it.
 *
 * <pre>
 *   Attached --replace--> Replacing --> Attached
 *            --disable--> Disabled  --enable--> Attached
 *   Attached, Disabled --unload--> Draining --> Unloaded
 * </pre>
 */
public final class CodeletSet implements AutoCloseable {

    private final CodeletRuntime runtime;
    /** Held by whoever changes the set, from the first step of the change to the last. */
    private final ReentrantLock change = new ReentrantLock();

    private volatile Versions versions;
    private volatile CodeletSetState state = new CodeletSetState.Attached(Instant.now());

    /** The version that hooks lead to, and the one before while it is being drained. */
    private record Versions(
            SetVersion current, String digest, Optional<SetSource> source, Optional<SetVersion> leaving) {}

    CodeletSet(CodeletRuntime runtime, SetVersion version, OpenSet opened) {
        this.runtime = runtime;
        this.versions = new Versions(version, opened.digest(), opened.source(), Optional.empty());
    }

    /** The set's name. */
    public String name() {
        return descriptor().name();
    }

    /** What it was loaded from, or replaced with. */
    public CodeletSetDescriptor descriptor() {
        return version().descriptor();
    }

    /** The content of what it was loaded from, or replaced with: see {@link OpenSet#digest}. */
    public String digest() {
        return versions.digest();
    }

    /** When its programs were verified and attached: at its load, or its last replacement. */
    public Instant loadedAt() {
        return version().loaded();
    }

    /** What its codelets are given that does more than look. */
    public SetNeeds needs() {
        return version().needs();
    }

    /** The files of what it was loaded from, or replaced with, when it is for a whole fleet. */
    public Optional<SetSource> source() {
        return versions.source();
    }

    /** Where it is in its life. */
    public CodeletSetState state() {
        return state;
    }

    /** The codelets' programs by codelet name, as they were verified. */
    public Map<String, Program> programs() {
        return version().attachments().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Attachment::codelet, a -> a.executable().program()));
    }

    /** What the verifier proved of each codelet, by its name, in the descriptor's order. */
    public Map<String, Accepted> reports() {
        return version().reports();
    }

    /** What each codelet's helper numbers mean, by its name. */
    public Map<String, Helpers> helpers() {
        return version().helpers();
    }

    /** The live maps, global data included: by name where that is unique in the set, else by {@code codelet/name}. */
    public Map<String, BpfMap> maps() {
        return version().maps().named();
    }

    /** The map {@code name}, or {@code codelet/name}. */
    public Optional<BpfMap> map(String name) {
        return version().maps().find(name);
    }

    /** The streams of its ring buffers. */
    public List<StreamDescriptor> streams() {
        return version().drains().stream().map(OutputDrain::stream).toList();
    }

    /** What records can be sent into. */
    public List<InputChannel> inputs() {
        return version().inputs();
    }

    /**
     * What became of the events offered to its codelets since they were loaded, or replaced; final once the set is
     * unloaded. While it is being replaced, both versions count.
     */
    public List<AttachmentAccount> accounts() {
        return added().attachments();
    }

    /** What became of the records of its streams on their way out of the ring buffers. */
    public List<OutputAccount> streamAccounts() {
        return added().outputs();
    }

    /** The accounts of the versions that are not drained, added up. */
    private AccountHistory added() {
        var both = versions;
        var sum = new AccountHistory();
        both.leaving().ifPresent(before -> {
            runtime.accounts(before.attachments()).forEach(sum::add);
            before.drainsNotIn(both.current()).forEach(drain -> sum.add(drain.account()));
        });
        runtime.accounts(both.current().attachments()).forEach(sum::add);
        both.current().drains().forEach(drain -> sum.add(drain.account()));
        return sum;
    }

    /** Runs, errors and run times of its codelets. */
    public List<CodeletStatistics> statistics() {
        return version().attachments().stream().map(CodeletSet::statistics).toList();
    }

    private static CodeletStatistics statistics(Attachment attachment) {
        long errors = attachment.failed();
        return new CodeletStatistics(
                attachment.codeletSet(),
                attachment.codelet(),
                attachment.hook().name(),
                attachment.executionLabel(),
                attachment.executorLabel(),
                attachment.ok() + errors,
                errors,
                attachment.payloadsCut(),
                attachment.runTimes(),
                state(attachment),
                attachment.lastError());
    }

    private static CodeletState state(Attachment attachment) {
        return attachment
                .detachment()
                .<CodeletState>map(d -> new CodeletState.Detached(d.since(), d.reason()))
                .orElseGet(CodeletState.Attached::new);
    }

    /** The codelets by name: whether a limit has detached one. */
    public Map<String, CodeletState> codelets() {
        return version().attachments().stream()
                .collect(Collectors.toUnmodifiableMap(Attachment::codelet, CodeletSet::state));
    }

    // ---- changes ----

    /**
     * Puts another version of the set in the place of this one. Each hook goes over in one step: an event runs in the old
     * codelets or in the new ones, none is lost and none runs in both. Maps whose type, sizes, entries, flags and layout
     * are unchanged stay, with their content; global data only when the new descriptor's {@code keep} names it. Program
     * arrays, maps with timers, and ring buffers whose stream has changed begin anew.
     *
     * <p>Returns when the old version has no run under way any more.
     *
     * @param descriptor of a set with the same name
     * @throws LoadException saying what is wrong; nothing has changed then
     */
    public void replace(Path descriptor) throws LoadException {
        replace(runtime.open(descriptor));
    }

    /** As {@link #replace(Path)}, with a set that was read already. */
    public void replace(OpenSet next) throws LoadException {
        change.lock();
        try {
            runtime.replace(this, next);
        } finally {
            change.unlock();
        }
    }

    /**
     * Makes the hooks let go of the set's codelets; its maps, streams and accounts stay, events that were queued before
     * still run, and so do timers. Does nothing unless the set is attached.
     */
    public void disable() {
        change.lock();
        try {
            if (state instanceof CodeletSetState.Attached) {
                runtime.disable(this);
            }
        } finally {
            change.unlock();
        }
    }

    /**
     * Attaches the codelets of a disabled set again. Does nothing unless the set is disabled.
     *
     * @throws IllegalStateException when another codelet controls one of its control hooks by now
     */
    public void enable() {
        change.lock();
        try {
            if (state instanceof CodeletSetState.Disabled) {
                runtime.enable(this);
            }
        } finally {
            change.unlock();
        }
    }

    /**
     * Detaches the set's codelets, waits for the runs and records that are under way, and keeps the accounts. Events
     * that wait in a ring are dropped as {@code detached}. Does nothing when the set is unloaded.
     */
    public void unload() {
        change.lock();
        try {
            runtime.unload(this);
        } finally {
            change.unlock();
        }
    }

    /** {@link #unload}. */
    @Override
    public void close() {
        unload();
    }

    // ---- the runtime's ----

    SetVersion version() {
        return versions.current();
    }

    Optional<SetVersion> leaving() {
        return versions.leaving();
    }

    void enter(CodeletSetState next) {
        state = next;
    }

    /** Another version takes over. */
    void replaceWith(SetVersion next, OpenSet opened) {
        versions = new Versions(next, opened.digest(), opened.source(), Optional.of(versions.current()));
        state = new CodeletSetState.Replacing(Instant.now());
    }

    /** The version before is drained. */
    void left() {
        versions = new Versions(versions.current(), versions.digest(), versions.source(), Optional.empty());
    }
}

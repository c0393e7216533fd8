package io.vertebra.runtime.codelet;

import io.vertebra.config.CodeletSetDescriptor;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.dispatch.Attachment;
import io.vertebra.runtime.output.OutputDrain;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.verifier.report.VerificationReport.Accepted;
import io.vertebra.vm.map.BpfMap;
import io.vertebra.vm.program.Program;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** A loaded codelet set: its codelets, maps, streams and accounts. Thread-safe; closing it unloads it. */
public final class CodeletSet implements AutoCloseable {

    private final CodeletRuntime runtime;
    private final CodeletSetDescriptor descriptor;
    private final List<Attachment> attachments;
    private final Map<String, Accepted> reports;
    private final SetMaps maps;
    private final List<OutputDrain> drains;
    private final AtomicReference<CodeletSetState> state =
            new AtomicReference<>(new CodeletSetState.Attached(Instant.now()));

    CodeletSet(CodeletRuntime runtime, CodeletSetDescriptor descriptor, CodeletSetLoader.Prepared prepared) {
        this.runtime = runtime;
        this.descriptor = descriptor;
        this.attachments = prepared.attachments();
        this.reports = Collections.unmodifiableMap(prepared.reports());
        this.maps = prepared.maps();
        this.drains = prepared.drains();
    }

    /** The set's name. */
    public String name() {
        return descriptor.name();
    }

    /** What it was loaded from. */
    public CodeletSetDescriptor descriptor() {
        return descriptor;
    }

    /** Where it is in its life. */
    public CodeletSetState state() {
        return state.get();
    }

    /** The codelets' programs by codelet name, as they were verified. */
    public Map<String, Program> programs() {
        return attachments.stream()
                .collect(Collectors.toUnmodifiableMap(
                        Attachment::codelet, a -> a.executable().program()));
    }

    /** What the verifier proved of each codelet, by its name, in the descriptor's order. */
    public Map<String, Accepted> reports() {
        return reports;
    }

    /** The live maps, global data included: by name where that is unique in the set, else by {@code codelet/name}. */
    public Map<String, BpfMap> maps() {
        return maps.named();
    }

    /** The map {@code name}, or {@code codelet/name}. */
    public Optional<BpfMap> map(String name) {
        return maps.find(name);
    }

    /** The streams of its ring buffers. */
    public List<StreamDescriptor> streams() {
        return drains.stream().map(OutputDrain::stream).toList();
    }

    /** What became of the events offered to its codelets; final once it is unloaded. */
    public List<AttachmentAccount> accounts() {
        return runtime.accounts(attachments);
    }

    /** What became of the records of its streams on their way out of the ring buffers. */
    public List<OutputAccount> streamAccounts() {
        return drains.stream().map(OutputDrain::account).toList();
    }

    /** Runs, errors and run times of its codelets. */
    public List<CodeletStatistics> statistics() {
        return attachments.stream().map(CodeletSet::statistics).toList();
    }

    private static CodeletStatistics statistics(Attachment attachment) {
        long errors = attachment.failed();
        return new CodeletStatistics(
                attachment.codeletSet(),
                attachment.codelet(),
                attachment.hook().name(),
                attachment.executionLabel(),
                attachment.ok() + errors,
                errors,
                attachment.payloadsCut(),
                attachment.runTimes(),
                attachment.lastError());
    }

    /**
     * Detaches the set's codelets, waits for the runs and records that are under way, and keeps the accounts. Events
     * that wait in a ring are dropped as {@code detached}. Does nothing when the set is not attached.
     */
    public void unload() {
        runtime.unload(this);
    }

    /** {@link #unload}. */
    @Override
    public void close() {
        unload();
    }

    List<Attachment> attachments() {
        return attachments;
    }

    List<OutputDrain> drains() {
        return drains;
    }

    /** Ends the timers in the values of its maps. */
    void endTimers() {
        maps.named().values().forEach(map -> map.timers().close());
    }

    /** Begins to drain; false when someone else has, or the set is unloaded. */
    boolean beginDraining() {
        return state.get() instanceof CodeletSetState.Attached attached
                && state.compareAndSet(attached, new CodeletSetState.Draining(Instant.now()));
    }

    void unloaded() {
        state.set(new CodeletSetState.Unloaded(Instant.now()));
    }
}

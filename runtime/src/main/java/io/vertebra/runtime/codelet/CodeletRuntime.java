package io.vertebra.runtime.codelet;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.account.AttachmentAccount;
import io.vertebra.runtime.account.OutputAccount;
import io.vertebra.runtime.dispatch.CoreDispatcher;
import io.vertebra.runtime.hook.HookDescriptor;
import io.vertebra.runtime.output.OutputBatch;
import io.vertebra.runtime.output.StreamDescriptor;
import io.vertebra.vm.map.BpfMap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** SIGNATURES ONLY, bodies follow. All methods are thread-safe. */
public final class CodeletRuntime implements AutoCloseable {

    public static CodeletRuntime start(RuntimeSettings settings) {
        throw new UnsupportedOperationException("being written");
    }

    public RuntimeSettings settings() {
        throw new UnsupportedOperationException("being written");
    }

    /** Reads, verifies and attaches a set, whole or not at all. */
    public CodeletSet load(Path descriptor) throws LoadException {
        return open(descriptor).load();
    }

    /** Reads a descriptor and its objects, so that variables can be set before the load: {@code open(p).set("slow_us", 500).load()}. */
    public OpenSet open(Path descriptor) throws LoadException {
        throw new UnsupportedOperationException("being written");
    }

    /** Attached sets, in load order. */
    public List<CodeletSet> sets() {
        throw new UnsupportedOperationException("being written");
    }

    public Optional<CodeletSet> set(String name) {
        throw new UnsupportedOperationException("being written");
    }

    /** The map {@code set/map} or {@code set/codelet/map}; IllegalArgumentException naming the known ones. */
    public BpfMap map(String path) {
        throw new UnsupportedOperationException("being written");
    }

    /** One for each core. Each must be driven by one thread: runOnce until it returns 0, then park, then wait for onWake. */
    public List<CoreDispatcher> cores() {
        throw new UnsupportedOperationException("being written");
    }

    /** Where batches go; called on the core threads. Until it is set, records stay in their ring buffers. */
    public void output(Consumer<OutputBatch> sink) {
        throw new UnsupportedOperationException("being written");
    }

    public List<StreamDescriptor> streams() {
        throw new UnsupportedOperationException("being written");
    }

    /** Accounts of all attachments: of attached sets first, then the final ones of unloaded sets (newest 1,000). */
    public List<AttachmentAccount> accounts() {
        throw new UnsupportedOperationException("being written");
    }

    /** One for each stream, with connector = "output". */
    public List<OutputAccount> streamAccounts() {
        throw new UnsupportedOperationException("being written");
    }

    /** Runs, errors and run times per codelet. */
    public List<CodeletStatistics> statistics() {
        throw new UnsupportedOperationException("being written");
    }

    /** All hooks of the process. */
    public List<HookDescriptor> hooks() {
        throw new UnsupportedOperationException("being written");
    }

    /** Stops intervals, detaches, drains rings and outputs until the deadline, counts the rest as `stopped`. */
    public void close(Duration deadline) {
        throw new UnsupportedOperationException("being written");
    }

    /** close(5 s). */
    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /** A set whose descriptor and objects were read; not yet verified. */
    public static final class OpenSet {
        /** Sets a global variable of the set's objects, typed by BTF. LoadException when no object has it or the value does not fit. */
        public OpenSet set(String variable, Object value) throws LoadException {
            throw new UnsupportedOperationException("being written");
        }

        public CodeletSet load() throws LoadException {
            throw new UnsupportedOperationException("being written");
        }
    }
}

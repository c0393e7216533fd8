package io.vertebra.verticles.cluster;

import io.vertebra.config.CodeletSetDescriptor.Scope;
import io.vertebra.runtime.codelet.CodeletRuntime;
import io.vertebra.runtime.codelet.CodeletSet;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.verticles.api.AuditLog;
import io.vertebra.verticles.api.SetFolder;
import io.vertebra.verticles.cluster.Beat.SetStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this member's runtime what the table says, as far as this member accepts it. Not thread-safe, but for {@link
 * #statuses}.
 */
final class Applier {

    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);

    /** Bound while a change is made on the fleet's behalf, which must not be told to the fleet again. */
    private static final ScopedValue<Boolean> APPLYING = ScopedValue.newInstance();

    private final CodeletRuntime runtime;
    private final FleetTable table;
    private final Path folder;
    private final Map<String, Attempt> attempts = new HashMap<>();
    private final Map<String, SetStatus> refused = new ConcurrentHashMap<>();

    /** What a failed attempt depended on: it is repeated when that is different. */
    private record Attempt(Entry entry, int hooks, String local) {}

    Applier(CodeletRuntime runtime, FleetTable table, Path folder) {
        this.runtime = runtime;
        this.table = table;
        this.folder = folder;
    }

    /** Whether the current thread makes a change that the fleet has decided. */
    static boolean applying() {
        return APPLYING.isBound();
    }

    /** Loads, replaces and unloads what differs. */
    void apply() {
        for (var set : table.entries().stream().map(Entry::set).toList()) {
            table.entry(set).ifPresent(this::apply); // as it is now: others may have taken long
        }
        refused.keySet()
                .removeIf(set -> table.entry(set).filter(e -> !e.unloaded()).isEmpty());
        attempts.keySet().retainAll(refused.keySet());
    }

    private void apply(Entry entry) {
        var loaded = runtime.set(entry.set());
        if (entry.unloaded()) {
            loaded.filter(Applier::isOfFleet)
                    .ifPresent(set -> as(entry, () -> {
                        set.unload();
                        return set;
                    }));
        } else if (loaded.map(CodeletSet::digest).filter(entry.digest()::equals).isPresent()) {
            refused.remove(entry.set());
        } else {
            attempt(entry, loaded);
        }
    }

    /** Removes the folder of files; nothing can be applied after it. */
    void close() throws IOException {
        SetFolder.delete(folder);
    }

    /** How the fleet's sets are here. */
    List<SetStatus> statuses() {
        return table.entries().stream()
                .filter(entry -> !entry.unloaded())
                .map(this::status)
                .toList();
    }

    private SetStatus status(Entry entry) {
        var own = refused.get(entry.set());
        if (own != null && own.generation() == entry.generation()) {
            return own;
        }
        return runtime.set(entry.set())
                .filter(set -> set.digest().equals(entry.digest()))
                .map(set -> new SetStatus(
                        entry.set(), entry.generation(), set.state().label(), ""))
                .orElseGet(() -> new SetStatus(
                        entry.set(), entry.generation(), SetStatus.WAITING, "its files are on their way"));
    }

    private void attempt(Entry entry, Optional<CodeletSet> loaded) {
        if (!table.fits(entry)) {
            refuse(entry, "with it the fleet's sets take more bytes than this member's cluster.max_bytes allows");
            return;
        }
        var content = table.content(entry);
        var attempt = new Attempt(
                entry,
                runtime.hooks().size(),
                loaded.map(set -> set.digest() + set.state().label()).orElse(""));
        if (content.isEmpty() || attempt.equals(attempts.put(entry.set(), attempt))) {
            return;
        }
        if (loaded.isPresent() && !isOfFleet(loaded.get())) {
            refuse(entry, "this member has loaded a set of this name for itself: unload it there");
            return;
        }
        as(entry, () -> load(entry, content.get(), loaded));
    }

    /** The set goes through this member's own checks: {@link SetFolder#open} is where all sets from elsewhere pass. */
    private CodeletSet load(Entry entry, Map<String, byte[]> content, Optional<CodeletSet> loaded)
            throws LoadException, IOException {
        try (var files = SetFolder.create(folder)) {
            for (var file : content.entrySet()) {
                files.put(file.getKey(), file.getValue());
            }
            var opened = files.open(runtime);
            if (!opened.descriptor().name().equals(entry.set())) {
                throw new IOException(
                        "its descriptor's name is `" + opened.descriptor().name() + "`");
            }
            if (loaded.isPresent()) {
                loaded.get().replace(opened);
                return loaded.get();
            }
            return opened.load();
        }
    }

    private void as(Entry entry, ScopedValue.CallableOp<CodeletSet, Exception> change) {
        try {
            ScopedValue.where(APPLYING, true).call(() -> AuditLog.as("fleet@" + entry.by(), change));
            refused.remove(entry.set());
            LOG.info("set `{}`: generation {} of member `{}` taken over", entry.set(), entry.generation(), entry.by());
        } catch (Exception e) {
            refuse(entry, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void refuse(Entry entry, String reason) {
        var status = new SetStatus(entry.set(), entry.generation(), SetStatus.REJECTED, reason);
        if (!status.equals(refused.put(entry.set(), status))) {
            LOG.warn(
                    "set `{}`: generation {} of member `{}` rejected: {}",
                    entry.set(),
                    entry.generation(),
                    entry.by(),
                    reason);
        }
    }

    private static boolean isOfFleet(CodeletSet set) {
        return set.descriptor().scope() == Scope.CLUSTER;
    }
}

package io.vertebra.connectors.spool;

import io.vertebra.connectors.spool.Change.Append;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The changes that are to come to a store next, and whether the last ones did. One thread at a time. */
final class SpoolWrites {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolWrites.class);

    private final String connector;
    private final SpoolStore store;
    private final List<Change> changes = new ArrayList<>();
    private boolean fsync;
    private boolean failing;

    /** The writes of a connector's spool. */
    SpoolWrites(String connector, SpoolStore store) {
        this.connector = connector;
        this.store = store;
    }

    /** Changes to be written together with those before. */
    void add(Collection<? extends Change> more) {
        changes.addAll(more);
    }

    /** The next write shall survive the loss of power. */
    void requireFsync() {
        fsync = true;
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    /** Whether the last write has failed: its changes are still there. */
    boolean failing() {
        return failing;
    }

    /** What is to be appended, and is not known to be on disk. */
    List<Append> unwritten() {
        return changes.stream()
                .filter(Append.class::isInstance)
                .map(Append.class::cast)
                .toList();
    }

    /** Writes all changes, or tells that they have to be tried again. */
    boolean write() {
        try {
            store.write(changes, fsync);
        } catch (IOException e) {
            if (!failing) {
                LOG.warn("spool of connector `{}` cannot be written: {}; trying again", connector, e.getMessage());
            }
            failing = true;
            return false;
        }
        if (failing) {
            LOG.info("spool of connector `{}` is written again", connector);
        }
        failing = false;
        changes.clear();
        fsync = false;
        return true;
    }
}

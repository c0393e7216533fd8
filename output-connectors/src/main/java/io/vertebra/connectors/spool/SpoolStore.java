package io.vertebra.connectors.spool;

import io.vertebra.connectors.spi.ConnectorException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * One connector's records on disk: for each stream entries in the order of their numbers. Changes are written together or
 * not at all; what was written survives the end of the process at any moment. One thread at a time.
 *
 * <p>When a write fails, because the disk is full for example, what was written before can still be read, and the next
 * write is tried from there. What failed may have reached the disk all the same; it is not written twice then.
 */
final class SpoolStore implements AutoCloseable {

    /** Entries of this kind are read back soon; more cache would only hold what is not needed again. */
    private static final int CACHE_MEGABYTES = 4;

    private static final String ENTRIES = "entries.";
    private static final String TOTALS = "totals";
    private static final String HEADER = "header";
    private static final String RUN = "run";

    private final Path path;
    private long run;
    private Map<String, Totals> known = Map.of();

    private MVStore store;
    private boolean readOnly;
    private boolean deleted;
    private final Map<String, MVMap<Long, byte[]>> entries = new HashMap<>();
    private MVMap<String, byte[]> header;
    private MVMap<String, byte[]> totals;

    private SpoolStore(Path path) {
        this.path = path;
        open(false);
    }

    /**
     * Opens a file, or makes it.
     *
     * @throws ConnectorException when it cannot be used
     */
    static SpoolStore open(Path path) {
        try {
            return new SpoolStore(path);
        } catch (MVStoreException e) {
            throw new ConnectorException(
                    "spool `" + path + "` cannot be used: " + e.getMessage() + "; no other process may use the file,"
                            + " and without it what waits in it is lost",
                    e);
        }
    }

    private void open(boolean onlyToRead) {
        var builder = new MVStore.Builder()
                .fileName(path.toString())
                .autoCommitDisabled()
                .cacheSize(CACHE_MEGABYTES);
        store = (onlyToRead ? builder.readOnly() : builder).open();
        store.setRetentionTime(0); // room of what was removed is used again at once
        store.setVersionsToKeep(0);
        readOnly = onlyToRead;
        header = named(HEADER);
        totals = named(TOTALS);
        entries.clear();
        for (var name : store.getMapNames()) {
            if (name.startsWith(ENTRIES)) {
                entries(name.substring(ENTRIES.length()));
            }
        }
        if (header.containsKey(RUN)) {
            run = ByteBuffer.wrap(header.get(RUN)).getLong();
            known = new TreeMap<>();
            totals.forEach((stream, encoded) -> known.put(stream, Totals.decode(encoded)));
        }
    }

    private MVMap<String, byte[]> named(String map) {
        var builder = new MVMap.Builder<String, byte[]>()
                .keyType(StringDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE);
        return store.openMap(map, builder);
    }

    private MVMap<Long, byte[]> entries(String stream) {
        return entries.computeIfAbsent(
                stream,
                _ -> store.openMap(
                        ENTRIES + stream,
                        new MVMap.Builder<Long, byte[]>()
                                .keyType(LongDataType.INSTANCE)
                                .valueType(ByteArrayDataType.INSTANCE)));
    }

    /** The streams that it knows. */
    List<String> streams() {
        return List.copyOf(known.keySet());
    }

    /** What is known of a stream. */
    Totals totals(String stream) {
        return known.getOrDefault(stream, Totals.NONE);
    }

    /** The number of a stream's first entry at or after one. */
    Optional<Long> next(String stream, long from) {
        var map = entries.get(stream);
        return map == null ? Optional.empty() : Optional.ofNullable(map.ceilingKey(from));
    }

    /** An entry that is there. */
    byte[] read(String stream, long number) {
        return entries.get(stream).get(number);
    }

    /** The run that {@link Totals#taken} counts; 0 before the first. */
    long run() {
        return run;
    }

    /**
     * Begins a run: nothing was taken in it yet.
     *
     * @throws IOException when it cannot be written
     */
    void begin(long run) throws IOException {
        write(List.of(), run, false);
    }

    /**
     * Writes changes, all or none.
     *
     * @param fsync whether they shall survive the loss of power too
     * @throws IOException when they could not be written: to be tried again with the same changes, and more after them
     */
    void write(List<Change> changes, boolean fsync) throws IOException {
        write(changes, run, fsync);
    }

    private void write(List<Change> changes, long newRun, boolean fsync) throws IOException {
        try {
            if (readOnly) {
                openAgain(changes);
            }
            var now = new TreeMap<>(known);
            if (newRun != run) {
                now.replaceAll((_, before) -> before.inNewRun());
            }
            changes.forEach(change -> apply(change, now));
            header.put(RUN, ByteBuffer.allocate(Long.BYTES).putLong(newRun).array());
            now.forEach((stream, of) -> totals.put(stream, of.encode()));
            store.commit();
            if (fsync) {
                store.sync();
            }
            run = newRun;
            known = now;
        } catch (MVStoreException e) {
            store.closeImmediately();
            readOnly = true;
            try {
                openToRead();
            } catch (MVStoreException unreadable) {
                e.addSuppressed(unreadable);
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Makes a change, unless it was made already. */
    private void apply(Change change, Map<String, Totals> now) {
        var before = now.getOrDefault(change.stream(), Totals.NONE);
        boolean isNew = switch (change) {
            case Change.Append a -> a.number() >= before.next();
            case Change.Remove r -> entries(r.stream()).containsKey(r.number());
        };
        if (isNew) {
            now.put(change.stream(), before.with(change));
            switch (change) {
                case Change.Append a -> entries(a.stream()).append(a.number(), a.entry());
                case Change.Remove r -> entries(r.stream()).remove(r.number());
            }
        }
    }

    private void openToRead() {
        entries.clear();
        if (!deleted) {
            open(true);
        }
    }

    /**
     * Opens the file to write. A full disk has no room for the note that something was removed: when all is, a new file takes
     * the old one's place.
     */
    private void openAgain(List<Change> changes) throws IOException {
        if (store.isClosed()) {
            openToRead();
        }
        long there = entries.values().stream().mapToLong(MVMap::sizeAsLong).sum();
        boolean nothingStays = there == changes.stream().filter(this::removes).count();
        store.closeImmediately();
        if (nothingStays) {
            Files.deleteIfExists(path);
            deleted = true;
            known = new TreeMap<>(known);
            known.replaceAll((_, before) -> before.withoutEntries());
        }
        open(false);
        deleted = false;
    }

    private boolean removes(Change change) {
        return change instanceof Change.Remove r
                && entries.containsKey(r.stream())
                && entries.get(r.stream()).containsKey(r.number());
    }

    /** Closes the file; what was written stays. */
    @Override
    public void close() {
        store.closeImmediately();
    }
}

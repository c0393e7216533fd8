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
import java.util.TreeSet;
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
 * write is tried from there.
 */
final class SpoolStore implements AutoCloseable {

    /** Entries of this kind are read back soon; more cache would only hold what is not needed again. */
    private static final int CACHE_MEGABYTES = 4;

    private static final String ENTRIES = "entries.";
    private static final String TOTALS = "totals";
    private static final String HEADER = "header";
    private static final String RUN = "run";

    private final Path path;
    private MVStore store;
    private boolean readOnly;
    private final Map<String, MVMap<Long, byte[]>> entries = new HashMap<>();
    private MVMap<String, byte[]> totals;
    private MVMap<String, byte[]> header;

    /** One change. */
    sealed interface Change {

        /** The stream that it is about. */
        String stream();

        /**
         * One more entry.
         *
         * @param number greater than that of any entry before
         * @param records how many records it stands for
         */
        record Append(String stream, long number, byte[] entry, int records) implements Change {}

        /** An entry less. */
        record Remove(String stream, long number, int bytes, int records) implements Change {}
    }

    /**
     * What is known of a stream without reading its entries.
     *
     * @param taken records appended in the store's run
     * @param records in the entries
     * @param bytes of the entries
     */
    record Totals(long taken, long records, long bytes) {
        static final Totals NONE = new Totals(0, 0, 0);

        Totals with(Change change) {
            return switch (change) {
                case Change.Append a -> new Totals(taken + a.records, records + a.records, bytes + a.entry.length);
                case Change.Remove r -> new Totals(taken, records - r.records, bytes - r.bytes);
            };
        }

        private byte[] encode() {
            return ByteBuffer.allocate(3 * Long.BYTES)
                    .putLong(taken)
                    .putLong(records)
                    .putLong(bytes)
                    .array();
        }

        private static Totals decode(byte[] bytes) {
            var buffer = ByteBuffer.wrap(bytes);
            return new Totals(buffer.getLong(), buffer.getLong(), buffer.getLong());
        }
    }

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
        entries.clear();
        totals = named(TOTALS);
        header = named(HEADER);
        for (var name : store.getMapNames()) {
            if (name.startsWith(ENTRIES)) {
                entries(name.substring(ENTRIES.length()));
            }
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
        return List.copyOf(new TreeSet<>(totals.keySet()));
    }

    /** What is known of a stream. */
    Totals totals(String stream) {
        var known = totals.get(stream);
        return known == null ? Totals.NONE : Totals.decode(known);
    }

    /** The number of a stream's first entry at or after one. */
    Optional<Long> next(String stream, long from) {
        var map = entries.get(stream);
        return map == null ? Optional.empty() : Optional.ofNullable(map.ceilingKey(from));
    }

    /** The number of a stream's last entry. */
    Optional<Long> last(String stream) {
        var map = entries.get(stream);
        return map == null ? Optional.empty() : Optional.ofNullable(map.lastKey());
    }

    /** An entry that is there. */
    byte[] read(String stream, long number) {
        return entries.get(stream).get(number);
    }

    /** The run that {@link Totals#taken} counts; 0 before the first. */
    long run() {
        return ByteBuffer.wrap(header.getOrDefault(RUN, new byte[Long.BYTES])).getLong();
    }

    /**
     * Begins a run: nothing was taken in it yet.
     *
     * @throws IOException when it cannot be written
     */
    void begin(long run) throws IOException {
        write(List.of(), () -> {
            header.put(RUN, ByteBuffer.allocate(Long.BYTES).putLong(run).array());
            streams().forEach(stream -> {
                var known = totals(stream);
                totals.put(stream, new Totals(0, known.records, known.bytes).encode());
            });
        });
    }

    /**
     * Writes changes, all or none.
     *
     * @param fsync whether they shall survive the loss of power too
     * @throws IOException when they could not be written: to be tried again with the same changes
     */
    void write(List<Change> changes, boolean fsync) throws IOException {
        write(changes, () -> changes.forEach(this::apply));
        if (fsync) {
            store.sync();
        }
    }

    private void write(List<Change> changes, Runnable action) throws IOException {
        try {
            if (readOnly) {
                store.closeImmediately();
                if (removesAll(changes)) {
                    startAnew();
                } else {
                    open(false);
                }
            }
            action.run();
            store.commit();
        } catch (MVStoreException e) {
            store.closeImmediately();
            try {
                open(true);
            } catch (MVStoreException unreadable) {
                e.addSuppressed(unreadable);
            }
            throw new IOException(e.getMessage(), e);
        }
    }

    private void apply(Change change) {
        totals.put(change.stream(), totals(change.stream()).with(change).encode());
        switch (change) {
            case Change.Append a -> entries(a.stream).append(a.number, a.entry);
            case Change.Remove r -> entries(r.stream).remove(r.number);
        }
    }

    /** Only what was written can be removed: so it is enough to count. */
    private boolean removesAll(List<Change> changes) {
        long there = entries.values().stream().mapToLong(MVMap::sizeAsLong).sum();
        return changes.stream().filter(Change.Remove.class::isInstance).count() == there;
    }

    /** A full disk has no room for the note that something was removed: when all is, a new file takes the old one's place. */
    private void startAnew() throws IOException {
        Map<String, byte[]> before = new HashMap<>();
        streams().forEach(stream -> before.put(stream, totals.get(stream)));
        long run = run();
        Files.delete(path);
        open(false);
        header.put(RUN, ByteBuffer.allocate(Long.BYTES).putLong(run).array());
        totals.putAll(before);
    }

    /** Closes the file; what was written stays. */
    @Override
    public void close() {
        store.closeImmediately();
    }
}

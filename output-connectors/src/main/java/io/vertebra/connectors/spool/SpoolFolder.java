package io.vertebra.connectors.spool;

import io.vertebra.connectors.spi.ConnectorException;
import io.vertebra.connectors.spi.DurableConnector;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The folder of one process's spools: a file for each connector, and one that counts. One process at a time has it.
 *
 * <p>{@link #open}, then {@link #queue} for each connector, then {@link #begin}; then records may come; {@link #close} after
 * all queues are closed. Thread-safe.
 */
public final class SpoolFolder implements AutoCloseable {

    private static final String LOCK = "spool.lock";
    private static final String COUNTS = "counts";
    private static final String STORE = ".mv";

    private final Path folder;
    private final FileChannel lock;
    private final CountsFile.Counts before;
    private final CountsFile counts;
    private volatile boolean begun;

    private SpoolFolder(Path folder, FileChannel lock) throws IOException {
        this.folder = folder;
        this.lock = lock;
        this.before = CountsFile.read(folder.resolve(COUNTS));
        this.counts = CountsFile.create(folder.resolve(COUNTS + ".new"));
    }

    /**
     * Takes a folder, and makes it when it is not there.
     *
     * @throws ConnectorException when it cannot be used, or another process has it
     */
    public static SpoolFolder open(Path folder) {
        try {
            Files.createDirectories(folder);
            var lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (lock.tryLock() == null) {
                    throw new OverlappingFileLockException();
                }
                return new SpoolFolder(folder, lock);
            } catch (OverlappingFileLockException e) {
                lock.close();
                throw new ConnectorException(
                        "spool `" + folder + "` is in use by another Vertebra: give each a folder of its own", e);
            } catch (IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ConnectorException("spool `" + folder + "` cannot be used: " + e + "; give another folder", e);
        }
    }

    /**
     * The queue of a connector, with what an earlier process has left for it.
     *
     * @param name the connector's
     * @param connector already started
     * @param memoryBytes of records that may wait until they are written
     * @throws ConnectorException when its file cannot be used
     */
    public SpooledQueue queue(String name, DurableConnector connector, long memoryBytes) {
        var store = SpoolStore.open(folder.resolve(name + STORE));
        try {
            var lost = before.lost(store, name);
            store.begin(counts.run());
            return new SpooledQueue(name, connector, store, counts, lost, memoryBytes);
        } catch (IOException e) {
            store.close();
            throw new ConnectorException("spool of connector `" + name + "` cannot be written: " + e.getMessage(), e);
        }
    }

    /** From now on, records are counted: all queues are there. */
    public void begin() {
        try {
            Files.move(
                    folder.resolve(COUNTS + ".new"),
                    folder.resolve(COUNTS),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            begun = true;
        } catch (IOException e) {
            throw new ConnectorException("spool `" + folder + "` cannot be written: " + e.getMessage(), e);
        }
    }

    /**
     * Where the submits of a stream are counted, so that the next process knows of them.
     *
     * @throws IllegalStateException when there were too many streams
     */
    public MemorySegment submitted(String stream) {
        return counts.count(stream);
    }

    /** An orderly end: nothing is left to count. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder.resolve(begun ? COUNTS : COUNTS + ".new"));
            lock.close();
        } catch (IOException e) {
            throw new ConnectorException("spool `" + folder + "` cannot be closed: " + e.getMessage(), e);
        }
    }
}

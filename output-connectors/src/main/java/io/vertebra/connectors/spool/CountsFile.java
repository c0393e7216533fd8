package io.vertebra.connectors.spool;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Counts by name in a mapped file: they outlive a kill of the process, not a loss of power, and cost an atomic addition.
 *
 * <pre>
 *   offset 0          8 bytes  magic        8          8 bytes  run, a random number that tells files apart
 *   offset 512 * n    4 bytes  length of the name, 0 for an entry that is free
 *                +8   8 bytes  the count
 *                +16  name, UTF-8
 * </pre>
 *
 * Numbers are in the byte order of the machine, which the file does not leave. Thread-safe.
 */
final class CountsFile {

    private static final long MAGIC = 0x5645525443_4e5431L;
    private static final int ENTRY = 512;
    private static final int COUNT = 8;
    private static final int NAME = 16;

    /** Names that fit, and the bytes of each. */
    static final int MOST_NAMES = 4_095;

    static final int LONGEST_NAME = ENTRY - NAME;

    private final MemorySegment file;
    private final Map<String, MemorySegment> counts = new HashMap<>();

    private CountsFile(MemorySegment file) {
        this.file = file;
    }

    /**
     * What a file says.
     *
     * @param run its number, 0 for no file
     */
    record Counts(long run, Map<String, Long> byName) {
        static final Counts NONE = new Counts(0, Map.of());

        /** The name of the count of records that never reached a connector's spool and are counted as dropped. */
        static String dropped(String stream, String connector) {
            return stream + "/" + connector;
        }

        /** Records of each stream that were on their way to a connector's spool when the process ended. */
        Map<String, Long> lost(SpoolStore store, String connector) {
            Map<String, Long> lost = new HashMap<>();
            if (run == 0 || store.run() != run) {
                return lost; // an orderly end, or told already
            }
            byName.forEach((stream, submitted) -> {
                var dropped = byName.get(dropped(stream, connector));
                if (dropped != null) {
                    lost.put(stream, submitted - dropped - store.totals(stream).taken());
                }
            });
            lost.values().removeIf(records -> records <= 0);
            return lost;
        }
    }

    /** Reads what an earlier process has left; {@link Counts#NONE} when there is no such file, or it is none of ours. */
    static Counts read(Path path) throws IOException {
        if (!Files.exists(path) || Files.size(path) != size()) {
            return Counts.NONE;
        }
        var file = MemorySegment.ofArray(Files.readAllBytes(path));
        if (file.get(ValueLayout.JAVA_LONG_UNALIGNED, 0) != MAGIC) {
            return Counts.NONE;
        }
        Map<String, Long> counts = new HashMap<>();
        for (long at = ENTRY; at < file.byteSize(); at += ENTRY) {
            int length = file.get(ValueLayout.JAVA_INT_UNALIGNED, at);
            if (length > 0 && length <= LONGEST_NAME) {
                var name = file.asSlice(at + NAME, length).toArray(ValueLayout.JAVA_BYTE);
                counts.put(
                        new String(name, StandardCharsets.UTF_8),
                        file.get(ValueLayout.JAVA_LONG_UNALIGNED, at + COUNT));
            }
        }
        return new Counts(file.get(ValueLayout.JAVA_LONG_UNALIGNED, 8), counts);
    }

    /** Makes an empty file with a run of its own, in the place of one that is there. */
    static CountsFile create(Path path) throws IOException {
        Files.deleteIfExists(path);
        try (var channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var file = channel.map(MapMode.READ_WRITE, 0, size(), Arena.ofAuto());
            file.fill((byte) 0); // takes the room on the disk now: a page that finds none later would end the process
            file.set(ValueLayout.JAVA_LONG, 8, UUID.randomUUID().getMostSignificantBits());
            file.set(ValueLayout.JAVA_LONG, 0, MAGIC);
            file.force();
            return new CountsFile(file);
        }
    }

    /** The number that tells this file from others. */
    long run() {
        return file.get(ValueLayout.JAVA_LONG, 8);
    }

    /**
     * The count of a name: a long at offset 0, to be added to atomically.
     *
     * @throws IllegalStateException when there is no room for another name
     */
    synchronized MemorySegment count(String name) {
        return counts.computeIfAbsent(name, this::add);
    }

    private MemorySegment add(String name) {
        var bytes = name.getBytes(StandardCharsets.UTF_8);
        if (counts.size() == MOST_NAMES || bytes.length > LONGEST_NAME) {
            throw new IllegalStateException("spool: no room to count `" + name + "`: at most " + MOST_NAMES
                    + " names of at most " + LONGEST_NAME + " bytes in the life of a process");
        }
        var entry = file.asSlice((counts.size() + 1L) * ENTRY, ENTRY);
        MemorySegment.copy(bytes, 0, entry, ValueLayout.JAVA_BYTE, NAME, bytes.length);
        entry.set(ValueLayout.JAVA_INT, 0, bytes.length);
        return entry.asSlice(COUNT, Long.BYTES);
    }

    private static long size() {
        return (MOST_NAMES + 1L) * ENTRY;
    }
}

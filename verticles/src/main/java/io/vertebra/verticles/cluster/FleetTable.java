package io.vertebra.verticles.cluster;

import io.vertebra.runtime.codelet.SetSource;
import io.vertebra.verticles.api.SetFolder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The newest entry of each set, and the files of those that are not unloaded. Two tables that have seen the same entries are
 * equal, in whatever order. Thread-safe.
 */
final class FleetTable {

    /** Sets that a fleet may have; as many that were unloaded are remembered. */
    static final int MOST_SETS = 1_000;

    private final long maxBytes;
    private final SortedMap<String, Entry> entries = new TreeMap<>(); // guarded by this
    private final Map<String, byte[]> files = new HashMap<>(); // by SHA-256; guarded by this

    FleetTable(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Notes that a set was loaded or replaced here. */
    synchronized Entry loaded(String set, String digest, SetSource source, String by) {
        List<Entry.Part> parts = new ArrayList<>();
        parts.add(keep(Entry.DESCRIPTOR, source.descriptor().getBytes(StandardCharsets.UTF_8)));
        source.signature().ifPresent(bytes -> parts.add(keep(SetFolder.SIGNATURE, bytes)));
        source.objects().forEach((name, bytes) -> parts.add(keep(name, bytes)));
        return enter(new Entry(set, next(set), Instant.now(), by, digest, parts));
    }

    /** Notes that a set was unloaded here. */
    synchronized Entry unloaded(String set, String by) {
        return enter(new Entry(set, next(set), Instant.now(), by, "", List.of()));
    }

    /**
     * Takes over what is newer.
     *
     * @return whether there was anything
     */
    synchronized boolean merge(Collection<Entry> others) {
        boolean changed = false;
        for (var other : others) {
            var own = entries.get(other.set());
            boolean room = own != null || entries.size() < 2 * MOST_SETS;
            if (room && (own == null || other.compareTo(own) > 0)) {
                enter(other);
                changed = true;
            }
        }
        return changed;
    }

    synchronized List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    synchronized Optional<Entry> entry(String set) {
        return Optional.ofNullable(entries.get(set));
    }

    /** A file that an entry names. */
    synchronized Optional<byte[]> file(String sha256) {
        return Optional.ofNullable(files.get(sha256));
    }

    /** The files of an entry that are not here and may be. */
    synchronized List<Entry.Part> missing(Entry entry) {
        return fits(entry)
                ? entry.files().stream()
                        .filter(part -> !files.containsKey(part.sha256()))
                        .toList()
                : List.of();
    }

    /** Whether an entry's files may all be here: sets that came earlier, by name, have their place first. */
    synchronized boolean fits(Entry entry) {
        long before = sum(entries.headMap(entry.set()).values());
        return before + sum(List.of(entry)) <= maxBytes;
    }

    /**
     * Keeps a file that an entry names.
     *
     * @throws IllegalArgumentException when it is not that file
     */
    synchronized void put(Entry.Part part, byte[] bytes) {
        if (bytes.length != part.bytes() || !sha256(bytes).equals(part.sha256())) {
            throw new IllegalArgumentException("file `" + part.name() + "`: not the content that was announced");
        }
        files.put(part.sha256(), bytes);
        forgetUnnamed();
    }

    /** The files of an entry by name; empty while one is missing. */
    synchronized Optional<Map<String, byte[]>> content(Entry entry) {
        Map<String, byte[]> content = new LinkedHashMap<>();
        for (var part : entry.files()) {
            var bytes = files.get(part.sha256());
            if (bytes == null) {
                return Optional.empty();
            }
            content.put(part.name(), bytes);
        }
        return Optional.of(content);
    }

    /**
     * Why one more set, or another version of one, cannot be taken; empty when it can.
     *
     * @param bytes of its files
     */
    synchronized Optional<String> refusal(String set, long bytes) {
        var others = entries.values().stream()
                .filter(entry -> !entry.unloaded() && !entry.set().equals(set))
                .toList();
        if (others.size() >= MOST_SETS) {
            return Optional.of("the fleet has " + others.size() + " sets, allowed is " + MOST_SETS);
        }
        long sum = sum(others) + bytes;
        return sum > maxBytes
                ? Optional.of(
                        "with it the fleet's sets take " + sum + " bytes, allowed by cluster.max_bytes is " + maxBytes)
                : Optional.empty();
    }

    /** Equal for equal tables. */
    synchronized String digest() {
        return sha256(entries.values().toString().getBytes(StandardCharsets.UTF_8));
    }

    private long next(String set) {
        return entry(set).map(Entry::generation).orElse(0L) + 1;
    }

    private Entry enter(Entry entry) {
        entries.put(entry.set(), entry);
        var unloaded = entries.values().stream()
                .filter(Entry::unloaded)
                .sorted(Comparator.comparing(Entry::at).thenComparing(Entry::set))
                .toList();
        unloaded.stream().limit(Math.max(0, unloaded.size() - MOST_SETS)).forEach(old -> entries.remove(old.set()));
        forgetUnnamed();
        return entry;
    }

    private Entry.Part keep(String name, byte[] bytes) {
        var sha256 = sha256(bytes);
        files.put(sha256, bytes);
        return new Entry.Part(name, sha256, bytes.length);
    }

    private void forgetUnnamed() {
        var named = entries.values().stream()
                .flatMap(entry -> entry.files().stream())
                .map(Entry.Part::sha256)
                .collect(Collectors.toSet());
        files.keySet().retainAll(named);
    }

    private static long sum(Collection<Entry> some) {
        return some.stream()
                .flatMap(entry -> entry.files().stream())
                .mapToLong(Entry.Part::bytes)
                .sum();
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}

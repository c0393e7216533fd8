package io.vertebra.verticles.cluster;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a fleet has decided about a set: its files, or that it is unloaded. Of two about the same set the greater one
 * counts: the higher generation, and where the two sides of a cut have reached the same, the later. Immutable.
 *
 * @param set the set's name
 * @param generation how often the set was changed, 1 for its first load
 * @param at when
 * @param by the member that was asked for the change
 * @param digest the set's content; empty when it is unloaded
 * @param files the descriptor first, then the objects; empty when it is unloaded
 */
record Entry(String set, long generation, Instant at, String by, String digest, List<Part> files)
        implements Comparable<Entry> {

    /** The name of the descriptor's file. */
    static final String DESCRIPTOR = "descriptor.yaml";

    private static final Pattern FILE = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final int MOST_FILES = 256;

    private static final Comparator<Entry> ORDER = Comparator.comparingLong(Entry::generation)
            .thenComparing(Entry::at)
            .thenComparing(Entry::by)
            .thenComparing(Entry::digest);

    /**
     * A file.
     *
     * @param name without a folder
     * @param sha256 of its content, in hex
     * @param bytes its size
     */
    record Part(String name, String sha256, int bytes) {

        Part {
            if (!FILE.matcher(name).matches() || !SHA_256.matcher(sha256).matches() || bytes < 0) {
                throw new IllegalArgumentException("file `" + name + "`: not one of a codelet set");
            }
        }

        private static Part of(JsonObject json) {
            return new Part(json.getString("name"), json.getString("sha256"), json.getInteger("bytes"));
        }
    }

    Entry {
        files = List.copyOf(files);
        if (files.size() > MOST_FILES || generation < 1) {
            throw new IllegalArgumentException("set `" + set + "`: " + files.size() + " files, generation " + generation
                    + ", allowed is up to " + MOST_FILES + " and from 1");
        }
    }

    boolean unloaded() {
        return files.isEmpty();
    }

    @Override
    public int compareTo(Entry other) {
        return ORDER.compare(this, other);
    }

    JsonObject json() {
        var parts = new JsonArray();
        files.forEach(part -> parts.add(new JsonObject()
                .put("name", part.name())
                .put("sha256", part.sha256())
                .put("bytes", part.bytes())));
        return new JsonObject()
                .put("set", set)
                .put("generation", generation)
                .put("at", at.toString())
                .put("by", by)
                .put("digest", digest)
                .put("files", parts);
    }

    /** @throws RuntimeException when it is none */
    static Entry of(JsonObject json) {
        return new Entry(
                json.getString("set"),
                json.getLong("generation"),
                Instant.parse(json.getString("at")),
                json.getString("by"),
                json.getString("digest"),
                json.getJsonArray("files").stream()
                        .map(part -> Part.of((JsonObject) part))
                        .toList());
    }
}

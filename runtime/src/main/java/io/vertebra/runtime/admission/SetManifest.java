package io.vertebra.runtime.admission;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a codelet set consists of, by content: SHA-256 of its descriptor, and of each object by the name that the descriptor
 * has for it. Equal for equal content. Immutable.
 *
 * @param descriptor in hex
 * @param objects by path relative to the descriptor's folder, with {@code /}; in hex
 */
public record SetManifest(String descriptor, SortedMap<String, String> objects) {

    /** Copies the objects. */
    public SetManifest {
        objects = new TreeMap<>(objects);
        for (var name : objects.keySet()) {
            if (name.chars().anyMatch(Character::isISOControl)) {
                throw new IllegalArgumentException(
                        "object `" + name.replaceAll("\\p{Cntrl}", "?") + "`: its name has control characters");
            }
        }
    }

    /** The manifest of content. */
    public static SetManifest of(byte[] descriptor, Map<String, byte[]> objects) {
        var digests = new TreeMap<String, String>();
        objects.forEach((name, content) -> digests.put(name, sha256(content)));
        return new SetManifest(sha256(descriptor), digests);
    }

    /** One line for each file, ended by a line feed: {@code descriptor DIGEST}, then {@code object DIGEST NAME} by name. */
    public String text() {
        return "descriptor " + descriptor + "\n"
                + objects.entrySet().stream()
                        .map(object -> "object " + object.getValue() + " " + object.getKey() + "\n")
                        .collect(Collectors.joining());
    }

    /** SHA-256 of {@link #text} in UTF-8, in hex: the whole set's digest. */
    public String digest() {
        return sha256(text().getBytes(StandardCharsets.UTF_8));
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}

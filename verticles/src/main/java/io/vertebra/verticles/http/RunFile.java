package io.vertebra.verticles.http;

import io.vertebra.config.Role;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;

/**
 * The file that tells whoever runs as the same user how to reach a running Vertebra: {@code {"url", "pid", "started_at",
 * "tokens": {"viewer", "operator", "author"}}}, mode 0600 in a folder of mode 0700, named {@code PORT.json}.
 */
public final class RunFile {

    private static final int MAX_BYTES = 64 << 10;

    private RunFile() {}

    /** Where the file of a port is. */
    public static Path path(Path folder, int port) {
        return folder.resolve(port + ".json");
    }

    /**
     * Writes it, in one step: nobody ever sees half of it, nor a file that others can read.
     *
     * @throws IOException when the folder cannot be made or belongs to somebody else
     */
    public static Path write(Path folder, String url, int port, Tokens tokens) throws IOException {
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        requireOwn(folder);
        var roles = new JsonObject();
        for (var role : Role.values()) {
            tokens.of(role).ifPresent(token -> roles.put(role.label(), token));
        }
        var content = new JsonObject()
                .put("url", url)
                .put("pid", ProcessHandle.current().pid())
                .put("started_at", Instant.now().toString())
                .put("tokens", roles);
        var fresh = Files.createTempFile(
                folder,
                "new",
                ".json",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(fresh, content.encodePrettily() + "\n");
            return Files.move(fresh, path(folder, port), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /**
     * The token that may do most, from the file of a Vertebra on this machine; empty when there is none. A token goes to
     * nobody but whom the file names: of another host, an equal port means nothing.
     *
     * @param url where the token would be sent
     * @throws IOException when the file is there and cannot be read
     */
    public static Optional<String> token(Path folder, URI url) throws IOException {
        var file = path(folder, url.getPort());
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (var in = Files.newInputStream(file)) {
            var content = new JsonObject(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
            var named = URI.create(content.getString("url")).getHost();
            if (!isLoopback(url) && !url.getHost().equalsIgnoreCase(named)) {
                return Optional.empty();
            }
            var tokens = content.getJsonObject("tokens", new JsonObject());
            return Arrays.stream(Role.values())
                    .sorted(Comparator.reverseOrder())
                    .map(role -> tokens.getString(role.label()))
                    .filter(Objects::nonNull)
                    .findFirst();
        } catch (RuntimeException e) {
            throw new IOException("run file `" + file + "` is not one of this version", e);
        }
    }

    /** Whether a URL's host is a name or an address of this machine's loopback. */
    public static boolean isLoopback(URI url) {
        return HostGuard.LOOPBACK.matcher(url.getHost()).matches();
    }

    private static void requireOwn(Path folder) throws IOException {
        var owner = Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).getName();
        if (!owner.equals(System.getProperty("user.name"))) {
            throw new IOException("folder `" + folder + "` belongs to " + owner + ", needed is one of your own");
        }
        var permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
        if (permissions.charAt(4) == 'w' || permissions.charAt(7) == 'w') {
            throw new IOException(
                    "folder `" + folder + "`: others may write to it (" + permissions + "), allowed is its owner only");
        }
    }
}

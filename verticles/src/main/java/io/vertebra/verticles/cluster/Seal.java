package io.vertebra.verticles.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Authenticates what members tell each other: HMAC-SHA-256 with a secret that all of them have, over the fleet's name, the
 * message's purpose and the message. Immutable.
 */
final class Seal {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;
    private static final int SECRET_BYTES = 32;

    private final SecretKeySpec key;
    private final String fleet;

    Seal(String fleet, byte[] secret) {
        this.fleet = fleet;
        this.key = new SecretKeySpec(secret, ALGORITHM);
    }

    /**
     * The seal of a fleet.
     *
     * @param file with the secret; made where it is missing, in one step: the first of several members that start together
     *     decides
     * @throws IOException when it cannot be read or made, others can read it, or it is shorter than 32 bytes
     */
    static Seal of(String fleet, Path file) throws IOException {
        if (!Files.exists(file)) {
            make(file);
        }
        var permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
        if (!permissions.endsWith("------")) {
            throw new IOException("its permissions are " + permissions + ", allowed is rw------- (chmod 600)");
        }
        var secret = Files.readString(file).strip().getBytes(StandardCharsets.UTF_8);
        if (secret.length < SECRET_BYTES) {
            throw new IOException("it has " + secret.length + " bytes, needed are " + SECRET_BYTES);
        }
        return new Seal(fleet, secret);
    }

    private static void make(Path file) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        Files.createDirectories(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        var fresh = Files.createTempFile(
                folder,
                "new",
                ".secret",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(fresh, Base64.getEncoder().encodeToString(random) + "\n");
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException _) {
            // another member was first
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** A message with its code before it. */
    byte[] seal(String purpose, byte[] message) {
        return ByteBuffer.allocate(MAC_BYTES + message.length)
                .put(code(purpose, message))
                .put(message)
                .array();
    }

    /** The message, when its code is right. */
    Optional<byte[]> open(String purpose, byte[] sealed) {
        if (sealed.length < MAC_BYTES) {
            return Optional.empty();
        }
        var message = Arrays.copyOfRange(sealed, MAC_BYTES, sealed.length);
        return MessageDigest.isEqual(code(purpose, message), Arrays.copyOf(sealed, MAC_BYTES))
                ? Optional.of(message)
                : Optional.empty();
    }

    private byte[] code(String purpose, byte[] message) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((fleet + "\n" + purpose + "\n").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + ALGORITHM, e);
        }
    }
}

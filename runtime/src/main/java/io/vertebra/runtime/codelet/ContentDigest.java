package io.vertebra.runtime.codelet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 over parts, each with its length before it, so that no two lists of parts look the same. Not thread-safe. */
final class ContentDigest {

    private byte[] sum = new byte[0];

    void add(String part) {
        add(part.getBytes(StandardCharsets.UTF_8));
    }

    void add(byte[] part) {
        var sha = sha256();
        sha.update(sum);
        sha.update(ByteBuffer.allocate(Long.BYTES).putLong(part.length).flip());
        sum = sha.digest(part);
    }

    String hex() {
        return HexFormat.of().formatHex(sum);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}

package io.vertebra.runtime.admission;

import io.vertebra.config.PemFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.EdECKey;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;

/** A pair of Ed25519 keys that signs sets. Immutable. */
public final class SigningKey {

    private final PrivateKey secret;
    private final String id;

    private SigningKey(PrivateKey secret, String id) {
        this.secret = secret;
        this.id = id;
    }

    /**
     * Makes a pair and writes it: the private key for its owner only (mode 0600), never over another file.
     *
     * @throws IOException when a file is there already or cannot be written
     */
    public static SigningKey generate(Path secret, Path open) throws IOException {
        try {
            for (var file : List.of(secret, open)) {
                if (Files.exists(file)) {
                    throw new IOException("`" + file + "` is there already, keys are never overwritten");
                }
            }
            var pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            Files.writeString(
                    Files.createFile(secret, owner),
                    PemFile.text("PRIVATE KEY", pair.getPrivate().getEncoded()));
            Files.writeString(
                    open, PemFile.text("PUBLIC KEY", pair.getPublic().getEncoded()), StandardOpenOption.CREATE_NEW);
            return new SigningKey(pair.getPrivate(), id(pair.getPublic()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has Ed25519", e);
        }
    }

    /**
     * Reads a pair.
     *
     * @param secret the private key, PKCS#8 in PEM
     * @param open its public key, SubjectPublicKeyInfo in PEM
     * @throws IOException naming the file, and what is wrong with it
     */
    public static SigningKey read(Path secret, Path open) throws IOException {
        PrivateKey key;
        try {
            key = PemFile.privateKey(secret);
        } catch (IOException e) {
            throw new IOException("key `" + secret + "`: " + e.getMessage(), e);
        }
        if (!(key instanceof EdECKey)) {
            throw new IOException("key `" + secret + "`: of " + key.getAlgorithm() + ", allowed is Ed25519");
        }
        var publicKey = publicKey(open);
        var pair = new SigningKey(key, id(publicKey));
        var probe = new byte[] {1};
        if (!new SetSignature("", "", new SetManifest("", new TreeMap<>()), probe, pair.sign(probe)).isOf(publicKey)) {
            throw new IOException("key `" + open + "`: not the public key of `" + secret + "`");
        }
        return pair;
    }

    /** A public key of Ed25519, with the file's name in messages. */
    static PublicKey publicKey(Path file) throws IOException {
        PublicKey key;
        try {
            key = PemFile.publicKey(file);
        } catch (IOException e) {
            throw new IOException("key `" + file + "`: " + e.getMessage(), e);
        }
        if (!(key instanceof EdECKey)) {
            throw new IOException("key `" + file + "`: of " + key.getAlgorithm() + ", allowed is Ed25519");
        }
        return key;
    }

    /** SHA-256 of a public key as SubjectPublicKeyInfo. */
    static String id(PublicKey key) {
        return SetManifest.sha256(key.getEncoded());
    }

    /** The public key's SHA-256, in hex. */
    public String id() {
        return id;
    }

    /** The content of a signature file for a set. */
    public String sign(SetManifest manifest) {
        var text = SetSignature.text(id, manifest);
        var value = sign(text.getBytes(StandardCharsets.UTF_8));
        return text + "signature " + Base64.getEncoder().encodeToString(value) + "\n";
    }

    private byte[] sign(byte[] message) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initSign(secret);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform signs with Ed25519", e);
        }
    }
}

package io.vertebra.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** Keys and certificates in PEM files (RFC 7468). No message holds what a file does. Stateless and thread-safe. */
public final class PemFile {

    private static final int LINE = 64;
    private static final int MAX_BYTES = 1 << 20;
    private static final List<String> ALGORITHMS = List.of("Ed25519", "EC", "RSA");

    private PemFile() {}

    /**
     * A private key of Ed25519, EC or RSA in PKCS#8.
     *
     * @throws IOException whose message completes "key FILE: "
     */
    public static PrivateKey privateKey(Path file) throws IOException {
        var text = text(file);
        if (text.contains("-----BEGIN ENCRYPTED ")) {
            throw new IOException("it has a pass phrase, needed is one without");
        }
        if (text.contains("-----BEGIN EC PRIVATE KEY") || text.contains("-----BEGIN RSA PRIVATE KEY")) {
            throw new IOException("not in PKCS#8, `openssl pkcs8 -topk8 -nodes -in KEY` writes it so");
        }
        var der = block(text, "PRIVATE KEY");
        for (var algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException _) {
                // of another algorithm
            }
        }
        throw new IOException("of another algorithm, allowed are " + ALGORITHMS);
    }

    /**
     * A public key of Ed25519, EC or RSA.
     *
     * @throws IOException whose message completes "key FILE: "
     */
    public static PublicKey publicKey(Path file) throws IOException {
        var der = block(text(file), "PUBLIC KEY");
        for (var algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
            } catch (GeneralSecurityException _) {
                // of another algorithm
            }
        }
        throw new IOException("of another algorithm, allowed are " + ALGORITHMS);
    }

    /**
     * The certificates in a file, in its order.
     *
     * @throws IOException whose message completes "certificate FILE: "
     */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        return certificates(InputFile.read(file, MAX_BYTES));
    }

    /** As {@link #certificates(Path)}, of a file's content. */
    public static List<X509Certificate> certificates(byte[] pem) throws IOException {
        try {
            var found = CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem));
            if (!found.isEmpty()) {
                return found.stream().map(X509Certificate.class::cast).toList();
            }
        } catch (CertificateException _) {
            // told below
        }
        throw new IOException("no certificate in PEM, needed is at least one `-----BEGIN CERTIFICATE-----`");
    }

    /** One block, as a file has it. */
    public static String text(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }

    private static String text(Path file) throws IOException {
        return new String(InputFile.read(file, MAX_BYTES), StandardCharsets.US_ASCII);
    }

    private static byte[] block(String text, String label) throws IOException {
        var found = Pattern.compile("-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]+)-----END " + label + "-----")
                .matcher(text);
        try {
            if (found.find()) {
                return Base64.getMimeDecoder().decode(found.group(1));
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw new IOException("needed is PEM with `-----BEGIN " + label + "-----`");
    }
}

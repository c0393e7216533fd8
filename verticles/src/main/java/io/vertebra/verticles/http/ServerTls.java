package io.vertebra.verticles.http;

import io.vertebra.config.InputFile;
import io.vertebra.config.PemFile;
import io.vertebra.config.TlsSettings;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import javax.net.ssl.X509KeyManager;

/**
 * The content of the files that TLS is made from, read once and in memory from then on; equal for equal content. Immutable.
 *
 * @param certificate the chain, PEM
 * @param key PEM
 * @param clientCa PEM; empty when clients need no certificate
 */
record ServerTls(Buffer certificate, Buffer key, Buffer clientCa) {

    private static final int MAX_BYTES = 1 << 20;
    private static final Set<String> PROTOCOLS = Set.of("TLSv1.3", "TLSv1.2");

    /**
     * Reads the files that settings name, as they are now.
     *
     * @throws IOException naming the first that cannot be read
     */
    static ServerTls read(TlsSettings settings) throws IOException {
        var authority = settings.clientCa();
        return new ServerTls(
                content("certificate", settings.certificate()),
                content("key", settings.key()),
                authority.isPresent() ? content("client_ca", authority.get()) : Buffer.buffer());
    }

    /**
     * What the server is given.
     *
     * @throws IOException when a file is no PEM of its kind, or the key is not the certificate's
     */
    ServerSSLOptions options(Vertx vertx) throws IOException {
        var open = certificates("certificate", certificate).getFirst().getPublicKey();
        if (key.toString(StandardCharsets.US_ASCII).contains("-----BEGIN ENCRYPTED ")) {
            throw new IOException("http.tls.key: it has a pass phrase, needed is one without");
        }
        var pair = new PemKeyCertOptions().addCertValue(certificate).addKeyValue(key);
        requirePair(secret(pair, open.getAlgorithm(), vertx), open);
        var options = new ServerSSLOptions()
                .setKeyCertOptions(pair)
                .setUseAlpn(false)
                .setEnabledSecureTransportProtocols(PROTOCOLS);
        if (clientCa.length() > 0) {
            certificates("client_ca", clientCa);
            options.setTrustOptions(new PemTrustOptions().addCertValue(clientCa))
                    .setClientAuth(ClientAuth.REQUIRED);
        }
        return options;
    }

    /** When the server's certificate ends, once {@link #options} has found that it is one. */
    Instant notAfter() {
        try {
            return certificates("certificate", certificate)
                    .getFirst()
                    .getNotAfter()
                    .toInstant();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static PrivateKey secret(PemKeyCertOptions pair, String algorithm, Vertx vertx) throws IOException {
        try {
            var manager = (X509KeyManager) pair.getKeyManagerFactory(vertx).getKeyManagers()[0];
            return manager.getPrivateKey(manager.getServerAliases(algorithm, null)[0]);
        } catch (Exception e) { // what Vert.x declares
            throw new IOException("http.tls.key: no private key of RSA or EC in PEM: " + e.getMessage(), e);
        }
    }

    private static void requirePair(PrivateKey secret, PublicKey open) throws IOException {
        try {
            var probe =
                    Signature.getInstance("RSA".equals(secret.getAlgorithm()) ? "SHA256withRSA" : "SHA256withECDSA");
            probe.initSign(secret);
            probe.update((byte) 1);
            var signed = probe.sign();
            probe.initVerify(open);
            probe.update((byte) 1);
            if (probe.verify(signed)) {
                return;
            }
        } catch (GeneralSecurityException _) {
            // of another kind: told below
        }
        throw new IOException("http.tls.key: not the key of the certificate, needed is the one it was issued for");
    }

    private static List<X509Certificate> certificates(String name, Buffer pem) throws IOException {
        try {
            return PemFile.certificates(pem.getBytes());
        } catch (IOException e) {
            throw new IOException("http.tls." + name + ": " + e.getMessage(), e);
        }
    }

    private static Buffer content(String name, Path file) throws IOException {
        try {
            return Buffer.buffer(InputFile.read(file, MAX_BYTES));
        } catch (IOException e) {
            throw new IOException("http.tls." + name + ": `" + file + "` cannot be read: " + e.getMessage(), e);
        }
    }
}

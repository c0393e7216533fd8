package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.config.PemFile;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The client's side of TLS, from PEM files.
 *
 * @param authority the only certificates that may have signed the server's; empty for those that Java trusts
 * @param certificate shown to servers that ask for one
 * @param key its private key, in PKCS#8
 */
record ClientTls(Optional<Path> authority, Optional<Path> certificate, Optional<Path> key) {

    private static final char[] NO_PASSWORD = new char[0]; // the stores stay in memory

    /** What connections are made with. */
    SSLContext context() throws CommandException {
        if (certificate.isPresent() != key.isPresent()) {
            throw new CommandException("--cert and --key: one without the other, needed are both");
        }
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(own(), trusted(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new CommandException("certificate or key: " + e.getMessage(), e);
        }
    }

    private TrustManager[] trusted() throws CommandException, GeneralSecurityException, IOException {
        if (authority.isEmpty()) {
            return null; // Java's own
        }
        var store = store();
        var certificates = certificates(authority.get());
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry(String.valueOf(i), certificates.get(i));
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager[] own() throws CommandException, GeneralSecurityException, IOException {
        if (certificate.isEmpty() || key.isEmpty()) {
            return null; // none
        }
        var store = store();
        store.setKeyEntry(
                "own",
                privateKey(key.get()),
                NO_PASSWORD,
                certificates(certificate.get()).toArray(Certificate[]::new));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static List<X509Certificate> certificates(Path file) throws CommandException {
        try {
            return PemFile.certificates(file);
        } catch (IOException e) {
            throw new CommandException("certificate `" + file + "`: " + e.getMessage(), e);
        }
    }

    private static PrivateKey privateKey(Path file) throws CommandException {
        try {
            return PemFile.privateKey(file);
        } catch (IOException e) {
            throw new CommandException("key `" + file + "`: " + e.getMessage(), e);
        }
    }

    private static KeyStore store() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}

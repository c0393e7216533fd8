package io.vertebra.connectors;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate authority for tests (X.509 version 3, ECDSA on P-256), written as DER by hand. */
public final class TestCertificates {

    private static final AtomicLong SERIAL = new AtomicLong(1);
    private static final byte[] ECDSA_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
    private static final char[] NO_PASSWORD = new char[0];

    private final String name;
    private final KeyPair keys = keys();
    private final byte[] certificate;

    /** A certificate and its private key, both PEM. */
    public record Issued(String certificate, String key) {

        /** Writes {@code NAME.crt} and {@code NAME.key}. */
        public void write(Path folder, String name) throws Exception {
            Files.writeString(folder.resolve(name + ".crt"), certificate);
            Files.writeString(folder.resolve(name + ".key"), key);
        }
    }

    /** A new authority. */
    public TestCertificates(String name) {
        this.name = name;
        this.certificate = certificate(name, keys.getPublic().getEncoded(), true, Duration.ofDays(2));
    }

    /** The authority's certificate, PEM. */
    public String authority() {
        return pem("CERTIFICATE", certificate);
    }

    /** A certificate for {@code localhost} and 127.0.0.1, or for a client, that ends in a day. */
    public Issued issue(String commonName) {
        return issue(commonName, Duration.ofDays(1));
    }

    /** As {@link #issue(String)}, ending after a time that may be negative. */
    public Issued issue(String commonName, Duration validity) {
        var pair = keys();
        return new Issued(
                pem("CERTIFICATE", certificate(commonName, pair.getPublic().getEncoded(), false, validity)),
                pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
    }

    /** A client's side: trusts this authority only, and shows certificates when there are any. */
    public SSLContext client(Issued... shown) throws Exception {
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", parse(certificate));
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trust);
        var own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        for (var issued : shown) {
            var key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(bytes(issued.key())));
            own.setKeyEntry("own", key, NO_PASSWORD, new Certificate[] {parse(bytes(issued.certificate()))});
        }
        var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(own, NO_PASSWORD);
        var context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private byte[] certificate(String subject, byte[] publicKey, boolean authority, Duration validity) {
        var now = Instant.now();
        var extensions = authority
                ? sequence(extension("2.5.29.19", sequence(new byte[] {1, 1, -1})))
                : sequence(extension(
                        "2.5.29.17",
                        sequence(
                                der(0x82, "localhost".getBytes(StandardCharsets.US_ASCII)),
                                der(0x87, new byte[] {127, 0, 0, 1}))));
        var content = sequence(
                der(0xa0, der(2, new byte[] {2})),
                der(2, BigInteger.valueOf(SERIAL.getAndIncrement()).toByteArray()),
                ECDSA_SHA256,
                commonName(name),
                sequence(time(now.minus(Duration.ofDays(3))), time(now.plus(validity))),
                commonName(subject),
                publicKey,
                der(0xa3, extensions));
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(content);
            return sequence(content, ECDSA_SHA256, der(3, new byte[] {0}, signature.sign()));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] commonName(String name) {
        return sequence(der(0x31, sequence(oid("2.5.4.3"), der(0x0c, name.getBytes(StandardCharsets.UTF_8)))));
    }

    private static byte[] extension(String oid, byte[] value) {
        return sequence(oid(oid), der(4, value));
    }

    private static byte[] time(Instant instant) {
        var text = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(instant);
        return der(0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] oid(String dotted) {
        List<Long> parts = Arrays.stream(dotted.split("\\.")).map(Long::valueOf).toList();
        var out = new ByteArrayOutputStream();
        out.write((int) (parts.get(0) * 40 + parts.get(1)));
        for (long part : parts.subList(2, parts.size())) {
            for (int shift = 28; shift >= 0; shift -= 7) {
                if (part >> shift != 0 || shift == 0) {
                    out.write((int) (part >> shift & 0x7f) | (shift == 0 ? 0 : 0x80));
                }
            }
        }
        return der(6, out.toByteArray());
    }

    private static byte[] sequence(byte[]... parts) {
        return der(0x30, parts);
    }

    private static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (var part : parts) {
            content.writeBytes(part);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.size() < 0x80) {
            out.write(content.size());
        } else if (content.size() < 0x100) {
            out.write(0x81);
            out.write(content.size());
        } else {
            out.write(0x82);
            out.write(content.size() >> 8);
            out.write(content.size());
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Certificate parse(byte[] der) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    private static byte[] bytes(String pem) {
        return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    }

    private static String pem(String kind, byte[] der) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}

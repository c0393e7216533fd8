package io.vertebra.runtime.admission;

import io.vertebra.runtime.admission.AdmissionException.Rule;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A signature file. Everything above its last line is what was signed.
 *
 * <pre>
 * vertebra-signature 1
 * algorithm ed25519
 * key 5f...                 SHA-256 of the public key (SubjectPublicKeyInfo, DER)
 * descriptor 1c...          the manifest: see {@link SetManifest}
 * object 9a... latency.bpf.o
 * signature BASE64          64 bytes
 * </pre>
 *
 * @param algorithm what the file says, not looked at yet
 * @param key which key, not looked at yet
 * @param manifest what was signed
 * @param signed the bytes that were signed
 * @param value the signature
 */
record SetSignature(String algorithm, String key, SetManifest manifest, byte[] signed, byte[] value) {

    static final String ALGORITHM = "ed25519";
    static final int MAX_BYTES = 64 << 10;

    private static final Pattern FORM = Pattern.compile("(vertebra-signature 1\n"
            + "algorithm ([a-z0-9-]{1,32})\n"
            + "key ([0-9a-f]{64})\n"
            + "descriptor ([0-9a-f]{64})\n"
            + "((?:object [0-9a-f]{64} [^\n]{1,4096}\n)*))"
            + "signature ([A-Za-z0-9+/]{4,4096}={0,2})\n");
    private static final Pattern OBJECT = Pattern.compile("object ([0-9a-f]{64}) ([^\n]+)\n");

    /** Takes a file apart; checks nothing but its form. */
    static SetSignature parse(byte[] file) throws AdmissionException {
        // one byte, one character: nothing that is signed can be lost in decoding
        var form = FORM.matcher(new String(file, StandardCharsets.ISO_8859_1));
        if (file.length > MAX_BYTES || !matches(form)) {
            throw malformed("it is cut off or not of this version");
        }
        var objects = new TreeMap<String, String>();
        var lines = OBJECT.matcher(form.group(5));
        while (lines.find()) {
            var name = new String(lines.group(2).getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            if (objects.put(name, lines.group(1)) != null) {
                throw malformed("object `" + name + "` is there twice");
            }
        }
        return new SetSignature(
                form.group(2),
                form.group(3),
                manifest(form.group(4), objects),
                form.group(1).getBytes(StandardCharsets.ISO_8859_1),
                value(form.group(6)));
    }

    private static SetManifest manifest(String descriptor, TreeMap<String, String> objects) throws AdmissionException {
        try {
            return new SetManifest(descriptor, objects);
        } catch (IllegalArgumentException e) {
            throw malformed(e.getMessage());
        }
    }

    /** Base64 has several texts for the same bytes; only the encoder's own is taken, so that a signature has one file. */
    private static byte[] value(String text) throws AdmissionException {
        try {
            var bytes = Base64.getDecoder().decode(text);
            if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw malformed("its last line is no Base64");
    }

    /** Whether a key has signed this. */
    boolean isOf(PublicKey trusted) {
        try {
            var signature = Signature.getInstance("Ed25519");
            signature.initVerify(trusted);
            signature.update(signed);
            return signature.verify(value);
        } catch (GeneralSecurityException _) {
            return false; // not a signature of this algorithm at all
        }
    }

    /** What is signed for a manifest. */
    static String text(String key, SetManifest manifest) {
        return "vertebra-signature 1\nalgorithm " + ALGORITHM + "\nkey " + key + "\n" + manifest.text();
    }

    private static boolean matches(Matcher form) {
        try {
            return form.matches();
        } catch (StackOverflowError _) { // many thousand objects
            return false;
        }
    }

    private static AdmissionException malformed(String what) {
        return new AdmissionException(
                Rule.SIGNATURE_FORMAT,
                "the signature file cannot be used, " + what + ": sign the set again with `vertebra set sign`");
    }
}

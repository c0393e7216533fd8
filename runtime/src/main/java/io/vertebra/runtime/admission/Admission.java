package io.vertebra.runtime.admission;

import io.vertebra.config.AdmissionSettings;
import io.vertebra.config.ConfigException;
import io.vertebra.runtime.admission.AdmissionException.Rule;
import java.io.IOException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides which sets may be loaded, by their bytes, before anything is made of them. Immutable. */
public final class Admission {

    /** Admits every set. */
    public static final Admission OPEN = new Admission(AdmissionSettings.OPEN, Map.of());

    private static final System.Logger LOG = System.getLogger(Admission.class.getName());
    private static final int SHOWN = 16;

    private final AdmissionSettings settings;
    private final Map<String, PublicKey> trusted;

    private Admission(AdmissionSettings settings, Map<String, PublicKey> trusted) {
        this.settings = settings;
        this.trusted = trusted;
    }

    /**
     * Reads the keys that settings trust.
     *
     * @throws ConfigException naming all that cannot be used
     */
    public static Admission of(AdmissionSettings settings) {
        List<String> problems = new ArrayList<>();
        Map<String, PublicKey> trusted = new LinkedHashMap<>();
        for (var file : settings.trustedKeys()) {
            try {
                var key = SigningKey.publicKey(file);
                trusted.put(SigningKey.id(key), key);
            } catch (IOException e) {
                problems.add("admission.trusted_keys: " + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException("settings", problems);
        }
        return new Admission(settings, trusted);
    }

    /**
     * Checks a set.
     *
     * @param set its name, for messages
     * @param actual what its files are
     * @param signatureFile the content of its signature file
     * @return the id of the key that has signed it; empty when it is admitted for another reason
     * @throws AdmissionException naming the rule that it breaks
     */
    public Optional<String> check(String set, SetManifest actual, Optional<byte[]> signatureFile)
            throws AdmissionException {
        if (signatureFile.isPresent() && !trusted.isEmpty()) {
            return Optional.of(verified(set, actual, SetSignature.parse(signatureFile.get())));
        }
        if (settings.allowedDigests().contains(actual.digest())) {
            return Optional.empty();
        }
        switch (settings.unsigned()) {
            case ALLOW -> {}
            case WARN ->
                LOG.log(
                        System.Logger.Level.WARNING,
                        "set `" + set + "`: admitted without a trusted signature, digest " + actual.digest());
            case DENY ->
                throw new AdmissionException(
                        Rule.UNSIGNED,
                        "set `" + set + "` has no signature: sign it with `vertebra set sign`, or add its digest "
                                + actual.digest() + " to admission.allowed_digests");
        }
        return Optional.empty();
    }

    private String verified(String set, SetManifest actual, SetSignature signature) throws AdmissionException {
        if (!signature.algorithm().equals(SetSignature.ALGORITHM)) {
            throw new AdmissionException(
                    Rule.SIGNATURE_ALGORITHM,
                    "set `" + set + "` is signed with " + signature.algorithm() + ", allowed is "
                            + SetSignature.ALGORITHM);
        }
        var key = trusted.get(signature.key());
        if (key == null) {
            throw new AdmissionException(
                    Rule.TRUSTED_KEYS,
                    "set `" + set + "` is signed with key " + shown(signature.key()) + ", trusted are "
                            + trusted.keySet().stream().map(Admission::shown).toList()
                            + ": sign it with one of them, or add the key to admission.trusted_keys");
        }
        if (!signature.isOf(key)) {
            throw new AdmissionException(
                    Rule.SIGNATURE_VALUE,
                    "the signature of set `" + set + "` is not of key " + shown(signature.key())
                            + " for what its file says: sign the set again");
        }
        compare(set, signature.manifest(), actual);
        return signature.key();
    }

    private static void compare(String set, SetManifest signed, SetManifest actual) throws AdmissionException {
        if (!signed.descriptor().equals(actual.descriptor())) {
            throw new AdmissionException(
                    Rule.DESCRIPTOR_DIGEST,
                    "the descriptor of set `" + set + "` is another one than was signed: sign it again");
        }
        if (!signed.objects().keySet().equals(actual.objects().keySet())) {
            throw new AdmissionException(
                    Rule.OBJECT_LIST,
                    "set `" + set + "` has the objects " + actual.objects().keySet() + ", signed are "
                            + signed.objects().keySet() + ": sign it again");
        }
        for (var object : actual.objects().entrySet()) {
            if (!signed.objects().get(object.getKey()).equals(object.getValue())) {
                throw new AdmissionException(
                        Rule.OBJECT_DIGEST,
                        "object `" + object.getKey() + "` of set `" + set
                                + "` is another one than was signed: sign the set again");
            }
        }
    }

    private static String shown(String id) {
        return id.substring(0, SHOWN) + "...";
    }
}

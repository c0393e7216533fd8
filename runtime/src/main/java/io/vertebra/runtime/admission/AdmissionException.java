package io.vertebra.runtime.admission;

import java.util.Locale;

/** Why a set is refused: a rule, and a sentence that names the entity and what to do. */
public final class AdmissionException extends Exception {

    private static final long serialVersionUID = 1L;

    private final Rule rule;

    /** What a set must comply with. */
    public enum Rule {
        /** Policy {@code deny}: a trusted signature or an allowed digest is needed. */
        UNSIGNED,
        /** A signature file has the documented form. */
        SIGNATURE_FORMAT,
        /** Signatures are of Ed25519. */
        SIGNATURE_ALGORITHM,
        /** The signature is of a key that the settings trust. */
        TRUSTED_KEYS,
        /** The signature is that of the manifest above it. */
        SIGNATURE_VALUE,
        /** The descriptor is the one that was signed. */
        DESCRIPTOR_DIGEST,
        /** Each object is the one that was signed. */
        OBJECT_DIGEST,
        /** The descriptor names the objects that were signed, no others. */
        OBJECT_LIST,
        /** Control hooks need a grant. */
        GRANTS_HOOKS,
        /** An application's helpers need a grant. */
        GRANTS_HELPERS;

        /** Its name in messages and documents. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A refusal; the message begins with the rule's name. */
    public AdmissionException(Rule rule, String sentence) {
        super("rule " + rule.label() + ": " + sentence);
        this.rule = rule;
    }

    /** The rule that was broken. */
    public Rule rule() {
        return rule;
    }
}

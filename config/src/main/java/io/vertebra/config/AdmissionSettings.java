package io.vertebra.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which codelet sets may be loaded, and what their codelets may be given. Immutable.
 *
 * @param unsigned what becomes of a set that nobody vouches for
 * @param trustedKeys public keys, PEM; when there is one, every signature that a set has must be of one of them
 * @param allowedDigests digests of sets that need no signature, SHA-256 in hex
 * @param grants by role, what those may give to codelets who load sets over HTTP; empty for everything to everybody
 */
public record AdmissionSettings(
        Unsigned unsigned, List<Path> trustedKeys, Set<String> allowedDigests, Optional<Map<Role, Grant>> grants) {

    /** What becomes of a set that has neither a trusted signature nor an allowed digest. */
    public enum Unsigned {
        /** It is loaded. */
        ALLOW,
        /** It is loaded, and the log says so. */
        WARN,
        /** It is refused. */
        DENY
    }

    /** Any set, any hook, any helper. */
    public static final AdmissionSettings OPEN =
            new AdmissionSettings(Unsigned.ALLOW, List.of(), Set.of(), Optional.empty());

    private static final String DIGEST = "[0-9a-f]{64}";

    /**
     * Makes the collections immutable and checks them.
     *
     * @throws ConfigException naming all that does not fit
     */
    public AdmissionSettings {
        trustedKeys = List.copyOf(trustedKeys);
        allowedDigests = Set.copyOf(allowedDigests);
        grants = grants.map(Map::copyOf);
        List<String> problems = new ArrayList<>();
        for (var digest : allowedDigests) {
            if (!digest.matches(DIGEST)) {
                problems.add(
                        "admission.allowed_digests: `" + digest + "`, allowed is SHA-256 as 64 digits of 0-9 and a-f");
            }
        }
        if (unsigned == Unsigned.DENY && trustedKeys.isEmpty() && allowedDigests.isEmpty()) {
            problems.add("admission.unsigned: deny without trusted_keys and allowed_digests, no set could be loaded:"
                    + " needed is one of them");
        }
        if (!problems.isEmpty()) {
            throw new ConfigException("settings", problems);
        }
    }

    /** What a role may give to codelets: its own grant, and those of the roles that it covers. */
    public Grant grantOf(Role role) {
        return grants.map(granted -> Arrays.stream(Role.values())
                        .filter(role::covers)
                        .map(covered -> granted.getOrDefault(covered, Grant.NONE))
                        .reduce(Grant.NONE, Grant::or))
                .orElse(Grant.ALL);
    }
}

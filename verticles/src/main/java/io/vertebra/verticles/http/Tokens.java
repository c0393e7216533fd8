package io.vertebra.verticles.http;

import io.vertebra.config.ConfigException;
import io.vertebra.config.HttpSettings;
import io.vertebra.config.Role;
import io.vertebra.config.TokenFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The bearer tokens of one start, compared in constant time: one for each role, 256 random bits, or what a {@link TokenFile}
 * has. Immutable.
 */
public final class Tokens {

    private static final int BYTES = 32;

    private final EnumMap<Role, String> byRole;

    private Tokens(Map<Role, String> byRole) {
        this.byRole = new EnumMap<>(byRole);
    }

    /**
     * The tokens that settings name, or new ones.
     *
     * @throws ConfigException when there is a file and it cannot be used
     */
    public static Tokens of(HttpSettings settings) {
        return settings.access()
                .tokenFile()
                .map(TokenFile::read)
                .map(Tokens::new)
                .orElseGet(Tokens::generate);
    }

    private static Tokens generate() {
        var random = new SecureRandom();
        var tokens = new EnumMap<Role, String>(Role.class);
        for (var role : Role.values()) {
            var bytes = new byte[BYTES];
            random.nextBytes(bytes);
            tokens.put(role, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        }
        return new Tokens(tokens);
    }

    /** The token of a role; empty when the role has none. */
    public Optional<String> of(Role role) {
        return Optional.ofNullable(byRole.get(role));
    }

    /** The token that may do least. */
    public Optional<String> least() {
        return byRole.values().stream().findFirst(); // in the order of roles
    }

    /** The role that a token gives; every token is compared, so that the time tells nothing. */
    Optional<Role> role(String presented) {
        var bytes = presented.getBytes(StandardCharsets.UTF_8);
        Role found = null;
        for (var token : byRole.entrySet()) {
            if (MessageDigest.isEqual(token.getValue().getBytes(StandardCharsets.UTF_8), bytes)) {
                found = token.getKey();
            }
        }
        return Optional.ofNullable(found);
    }
}

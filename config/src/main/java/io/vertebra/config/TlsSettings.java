package io.vertebra.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * TLS of the HTTP port, from PEM files that are read again when they change. Immutable; {@link HttpSettings} checks the
 * values.
 *
 * @param certificate the server's certificate and then those that lead to its authority
 * @param key its private key, without a pass phrase
 * @param clientCa the authorities that clients' certificates must come from; empty when clients need none
 * @param clientRoles by the common name of a client's certificate, the role of requests that bring no token
 * @param checkEvery how often the files are looked at, 100 ms to 1 h
 */
public record TlsSettings(
        Path certificate, Path key, Optional<Path> clientCa, Map<String, Role> clientRoles, Duration checkEvery) {

    /** How often the files are looked at unless stated: 10 seconds. */
    public static final Duration DEFAULT_CHECK = Duration.ofSeconds(10);

    private static final Duration MIN_CHECK = Duration.ofMillis(100);
    private static final Duration MAX_CHECK = Duration.ofHours(1);

    /** Makes the map immutable. */
    public TlsSettings {
        clientRoles = Map.copyOf(clientRoles);
    }

    /** TLS for clients without certificates, looking at the files every {@link #DEFAULT_CHECK}. */
    public static TlsSettings of(Path certificate, Path key) {
        return new TlsSettings(certificate, key, Optional.empty(), Map.of(), DEFAULT_CHECK);
    }

    /** These settings with an authority for clients, which all need a certificate then. */
    public TlsSettings withClients(Path authority, Map<String, Role> roles) {
        return new TlsSettings(certificate, key, Optional.of(authority), roles, checkEvery);
    }

    /** These settings with another time between two looks at the files. */
    public TlsSettings withCheckEvery(Duration time) {
        return new TlsSettings(certificate, key, clientCa, clientRoles, time);
    }

    /** Adds what does not fit. */
    void check(List<String> problems) {
        if (clientCa.isEmpty() && !clientRoles.isEmpty()) {
            problems.add(
                    "http.tls.client_roles: given without client_ca, needed is the authority of those certificates");
        }
        if (checkEvery.compareTo(MIN_CHECK) < 0 || checkEvery.compareTo(MAX_CHECK) > 0) {
            problems.add("http.tls.check_every: " + checkEvery.toMillis() + "ms, allowed is 100ms to 1h");
        }
    }
}

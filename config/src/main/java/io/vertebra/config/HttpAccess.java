package io.vertebra.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Who reaches the HTTP port. Immutable.
 *
 * @param tls how it is encrypted; empty for clear text, which is for loopback only
 * @param tokenFile the tokens of the roles, see {@link TokenFile}; empty when each start makes new ones
 * @param allowedHosts names, without a port, by which clients may address this server, beside {@link HttpSettings#host}
 *     and those of loopback
 */
public record HttpAccess(Optional<TlsSettings> tls, Optional<Path> tokenFile, List<String> allowedHosts) {

    /** Clear text, new tokens at each start. */
    public static final HttpAccess LOCAL = new HttpAccess(Optional.empty(), Optional.empty(), List.of());

    /** Makes the list immutable. */
    public HttpAccess {
        allowedHosts = List.copyOf(allowedHosts);
    }
}

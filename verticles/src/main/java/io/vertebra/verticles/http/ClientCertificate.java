package io.vertebra.verticles.http;

import io.vertebra.config.Role;
import io.vertx.core.http.HttpServerRequest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Who a client is by the certificate that it has shown, which an authority of ours has signed. */
final class ClientCertificate {

    private ClientCertificate() {}

    /** The role that settings give to the common name of a request's client. */
    static Optional<Role> role(HttpServerRequest request, Map<String, Role> roles) {
        return roles.isEmpty() ? Optional.empty() : commonName(request).map(roles::get);
    }

    /** The common name of a request's client; empty when it has shown no certificate, or one without exactly one. */
    static Optional<String> commonName(HttpServerRequest request) {
        var session = request.sslSession();
        if (session == null) {
            return Optional.empty();
        }
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? commonName(certificate.getSubjectX500Principal().getName())
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    private static Optional<String> commonName(String subject) {
        try {
            List<String> names = new LdapName(subject)
                    .getRdns().stream()
                            .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                            .map(rdn -> String.valueOf(rdn.getValue()))
                            .toList();
            return names.size() == 1 ? Optional.of(names.getFirst()) : Optional.empty();
        } catch (InvalidNameException _) {
            return Optional.empty();
        }
    }
}

package io.vertebra.cli.remote;

import io.vertebra.cli.option.CommandException;
import io.vertebra.config.InputFile;
import io.vertebra.verticles.http.RunFile;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Where a running Vertebra is, and how to speak to it: over TLS to any host, in clear text on loopback only when a token
 * is sent.
 *
 * @param url scheme, host and port
 * @param runFolder where the run file is looked for
 * @param tokenFile a file with the token and nothing else
 * @param tls what to trust and what to show
 */
record Endpoint(URI url, Path runFolder, Optional<Path> tokenFile, ClientTls tls) {

    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final int MAX_TOKEN = 4_096;

    /** Gives the URL a port when it has none. */
    Endpoint {
        if (url.getPort() < 0) {
            url = withPort(url, isSecure(url) ? 443 : 80);
        }
    }

    /** A client for the API. */
    HttpClient http() throws CommandException {
        var builder = HttpClient.newBuilder().connectTimeout(CONNECT);
        return (isSecure(url) ? builder.sslContext(tls.context()) : builder).build();
    }

    /** The WebSocket beside the API. */
    URI live() {
        return URI.create(url.toString().replaceFirst("^http", "ws").replaceFirst("/$", "") + "/ws");
    }

    /** The token to send: of the file, of the environment, or of the run file. */
    Optional<String> token() throws CommandException {
        try {
            var given = tokenFile.isPresent() ? Optional.of(content(tokenFile.get())) : environment();
            if (given.isEmpty()) {
                return RunFile.token(runFolder, url);
            }
            if (!isSecure(url) && !RunFile.isLoopback(url)) {
                throw new CommandException(
                        url + ": a token would go there in clear text, allowed is that for loopback only: use https");
            }
            return given;
        } catch (IOException e) {
            throw new CommandException(e.getMessage(), e);
        }
    }

    /** What a failed exchange means for whoever typed the command. */
    CommandException failed(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            var text = String.valueOf(cause.getMessage());
            if (text.contains("Received fatal alert: ") && text.contains("certificate")) {
                return new CommandException(
                        url + " wants a certificate that it trusts: name yours with --cert FILE and --key FILE",
                        failure);
            }
            if (text.contains("unable to find valid certification path")) {
                return new CommandException(
                        url + ": nobody who is trusted here has signed its certificate: name the authority's with"
                                + " --cacert FILE, or in VERTEBRA_CACERT",
                        failure);
            }
        }
        var what = switch (failure) {
            case HttpConnectTimeoutException _ ->
                " takes no connection within " + CONNECT.toSeconds() + " s: is it overloaded, or the address wrong?";
            case SSLException _ -> ": no TLS with this server: " + failure.getMessage();
            default ->
                " does not speak HTTP as expected: " + failure.getMessage()
                        + (isSecure(url) ? "" : "; a server with TLS wants https");
        };
        return new CommandException(url + what, failure);
    }

    private static String content(Path file) throws IOException {
        try {
            return new String(InputFile.read(file, MAX_TOKEN), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IOException("token file `" + file + "` cannot be read: " + e.getMessage(), e);
        }
    }

    private static Optional<String> environment() {
        return Optional.ofNullable(System.getenv("VERTEBRA_TOKEN"))
                .map(String::strip)
                .filter(token -> !token.isEmpty());
    }

    private static boolean isSecure(URI url) {
        return "https".equals(url.getScheme());
    }

    private static URI withPort(URI url, int port) {
        try {
            return new URI(url.getScheme(), null, url.getHost(), port, url.getPath(), null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }
}

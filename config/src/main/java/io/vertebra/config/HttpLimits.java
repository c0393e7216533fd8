package io.vertebra.config;

import java.time.Duration;
import java.util.List;

/**
 * What clients of the HTTP port may hold. Immutable; {@link HttpSettings} checks the values.
 *
 * @param maxConnections connections at a time, 1 to 65,536; further ones are closed at once
 * @param maxClients WebSocket clients of the live view at a time, 1 to 65,536; further ones are told to try again later
 * @param requestTimeout how long a TLS handshake and a request may take to arrive, body included, and how long a connection
 *     may be idle; 100 ms to 1 h
 * @param maxUpload bytes of an uploaded codelet set, 4 KiB to 1 GiB
 * @param maxUploads uploads at a time, 1 to 1,024; further ones are answered with 503 and {@code Retry-After}
 */
public record HttpLimits(int maxConnections, int maxClients, Duration requestTimeout, int maxUpload, int maxUploads) {

    /** 2,048 connections, 1,024 of them for the live view, 30 seconds, 4 uploads of 32 MiB. */
    public static final HttpLimits DEFAULT = new HttpLimits(2_048, 1_024, Duration.ofSeconds(30), 32 << 20, 4);

    private static final int MAX_CONNECTIONS = 65_536;
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
    private static final int MIN_UPLOAD = 4 << 10;
    private static final int MAX_UPLOAD = 1 << 30;
    private static final int MAX_UPLOADS = 1_024;

    /** Adds what does not fit. */
    void check(List<String> problems) {
        range(problems, "max_connections", maxConnections, 1, MAX_CONNECTIONS);
        range(problems, "max_clients", maxClients, 1, MAX_CONNECTIONS);
        if (requestTimeout.compareTo(MIN_TIMEOUT) < 0 || requestTimeout.compareTo(MAX_TIMEOUT) > 0) {
            problems.add("http.request_timeout: " + requestTimeout.toMillis() + "ms, allowed is 100ms to 1h");
        }
        range(problems, "max_upload", maxUpload, MIN_UPLOAD, MAX_UPLOAD);
        range(problems, "max_uploads", maxUploads, 1, MAX_UPLOADS);
    }

    static void range(List<String> problems, String name, int value, int min, int max) {
        if (value < min || value > max) {
            problems.add("http." + name + ": " + value + ", allowed is " + min + " to " + max);
        }
    }
}

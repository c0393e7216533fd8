package io.vertebra.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The HTTP port and what a client may ask of it. Immutable.
 *
 * @param host the address to listen on; only loopback addresses, because there is no TLS
 * @param port 0 for any free one
 * @param runFolder where the file with the tokens is written at start, readable by its owner only
 * @param maxConnections connections at a time, 1 to 65,536; further ones are closed at once
 * @param requestTimeout how long a request may take to arrive, body included, and how long a connection may be idle; 100
 *     ms to 1 h
 * @param maxUpload bytes of an uploaded codelet set, 4 KiB to 1 GiB
 */
public record HttpSettings(
        String host, int port, Path runFolder, int maxConnections, Duration requestTimeout, int maxUpload) {

    /** The port when none is given. */
    public static final int DEFAULT_PORT = 7700;

    private static final int MAX_PORT = 65_535;
    private static final int MAX_CONNECTIONS = 65_536;
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
    private static final int MIN_UPLOAD = 4 << 10;
    private static final int MAX_UPLOAD = 1 << 30;

    /**
     * Checks every value.
     *
     * @throws ConfigException naming all that do not fit, and what is allowed
     */
    public HttpSettings {
        List<String> problems = new ArrayList<>();
        if (!isLoopback(host)) {
            problems.add("http.host: `" + host
                    + "`, allowed is a loopback address: anything else needs TLS and a token, and this version"
                    + " has no TLS");
        }
        range(problems, "port", port, 0, MAX_PORT);
        range(problems, "max_connections", maxConnections, 1, MAX_CONNECTIONS);
        if (requestTimeout.compareTo(MIN_TIMEOUT) < 0 || requestTimeout.compareTo(MAX_TIMEOUT) > 0) {
            problems.add("http.request_timeout: " + requestTimeout.toMillis() + "ms, allowed is 100ms to 1h");
        }
        range(problems, "max_upload", maxUpload, MIN_UPLOAD, MAX_UPLOAD);
        if (!problems.isEmpty()) {
            throw new ConfigException("settings", problems);
        }
    }

    /** Port {@value #DEFAULT_PORT} of 127.0.0.1, 512 connections, 30 seconds, uploads of 32 MiB, the user's run folder. */
    public static HttpSettings defaults() {
        return new HttpSettings("127.0.0.1", DEFAULT_PORT, defaultRunFolder(), 512, Duration.ofSeconds(30), 32 << 20);
    }

    /** {@code $XDG_RUNTIME_DIR/vertebra}, or {@code .vertebra/run} in the user's home. */
    public static Path defaultRunFolder() {
        var runtime = System.getenv("XDG_RUNTIME_DIR");
        return runtime == null || runtime.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".vertebra", "run")
                : Path.of(runtime, "vertebra");
    }

    /** These settings with another address. */
    public HttpSettings withHost(String other) {
        return new HttpSettings(other, port, runFolder, maxConnections, requestTimeout, maxUpload);
    }

    /** These settings with another port, 0 for any free one. */
    public HttpSettings withPort(int other) {
        return new HttpSettings(host, other, runFolder, maxConnections, requestTimeout, maxUpload);
    }

    /** These settings with another folder for the file with the tokens. */
    public HttpSettings withRunFolder(Path folder) {
        return new HttpSettings(host, port, folder, maxConnections, requestTimeout, maxUpload);
    }

    /** These settings with other limits. */
    public HttpSettings withLimits(int connections, Duration timeout, int upload) {
        return new HttpSettings(host, port, runFolder, connections, timeout, upload);
    }

    private static void range(List<String> problems, String name, int value, int min, int max) {
        if (value < min || value > max) {
            problems.add("http." + name + ": " + value + ", allowed is " + min + " to " + max);
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}

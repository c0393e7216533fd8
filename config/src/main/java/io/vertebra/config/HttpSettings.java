package io.vertebra.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The HTTP port, who reaches it, and what a client may ask of it. Immutable.
 *
 * @param host the address to listen on; other than loopback only with TLS and tokens
 * @param port 0 for any free one
 * @param runFolder where the file with the tokens is written at start, readable by its owner only
 * @param limits what clients may hold
 * @param access TLS, tokens, and the names of this server
 */
public record HttpSettings(String host, int port, Path runFolder, HttpLimits limits, HttpAccess access) {

    /** The port when none is given. */
    public static final int DEFAULT_PORT = 7700;

    private static final int MAX_PORT = 65_535;

    /**
     * Checks every value.
     *
     * @throws ConfigException naming all that do not fit, and what is allowed
     */
    public HttpSettings {
        List<String> problems = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        if (access.tls().isEmpty()) {
            missing.add("http.tls (certificate and key)");
        }
        if (access.tokenFile().isEmpty()) {
            missing.add("http.token_file");
        }
        if (!isLoopback(host) && !missing.isEmpty()) {
            problems.add("http.host: `" + host + "` is not a loopback address, others can reach it: needed are TLS and"
                    + " tokens, missing " + (missing.size() == 1 ? "is " : "are ") + String.join(" and ", missing));
        }
        HttpLimits.range(problems, "port", port, 0, MAX_PORT);
        limits.check(problems);
        access.tls().ifPresent(tls -> tls.check(problems));
        if (!problems.isEmpty()) {
            throw new ConfigException("settings", problems);
        }
    }

    /** Port {@value #DEFAULT_PORT} of 127.0.0.1, the user's run folder, the default limits. */
    public static HttpSettings defaults() {
        return new HttpSettings("127.0.0.1", DEFAULT_PORT, defaultRunFolder(), HttpLimits.DEFAULT, HttpAccess.LOCAL);
    }

    /** {@code $XDG_RUNTIME_DIR/vertebra}, or {@code .vertebra/run} in the user's home. */
    public static Path defaultRunFolder() {
        var runtime = System.getenv("XDG_RUNTIME_DIR");
        return runtime == null || runtime.isEmpty()
                ? Path.of(System.getProperty("user.home"), ".vertebra", "run")
                : Path.of(runtime, "vertebra");
    }

    /** Whether only this machine's programs reach the address. */
    public boolean isLoopback() {
        return isLoopback(host);
    }

    /** Whether reading needs no token: nobody from elsewhere comes, not even by another server that passes requests on. */
    public boolean openReading() {
        return isLoopback() && access.allowedHosts().isEmpty();
    }

    /** The name to address this server by: the first that clients may use, or the address. */
    public String publicHost() {
        return isLoopback() || access.allowedHosts().isEmpty()
                ? host
                : access.allowedHosts().getFirst();
    }

    /** These settings with another address, which needs TLS and tokens when it is not loopback. */
    public HttpSettings withHost(String other) {
        return new HttpSettings(other, port, runFolder, limits, access);
    }

    /** These settings with another port, 0 for any free one. */
    public HttpSettings withPort(int other) {
        return new HttpSettings(host, other, runFolder, limits, access);
    }

    /** These settings with another folder for the file with the tokens. */
    public HttpSettings withRunFolder(Path folder) {
        return new HttpSettings(host, port, folder, limits, access);
    }

    /** These settings with other limits. */
    public HttpSettings withLimits(HttpLimits other) {
        return new HttpSettings(host, port, runFolder, other, access);
    }

    /** These settings with other ways to reach the port. */
    public HttpSettings withAccess(HttpAccess other) {
        return new HttpSettings(host, port, runFolder, limits, other);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}

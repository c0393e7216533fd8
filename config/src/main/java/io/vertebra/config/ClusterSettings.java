package io.vertebra.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How this Vertebra is a member of a fleet: who else belongs to it, and where the members talk to each other. Immutable.
 *
 * @param name of the fleet; members of another name are not let in
 * @param member this member's name, unique in the fleet; empty for {@code HOSTNAME:HTTP-PORT}
 * @param host the address for the other members, which they do not encrypt
 * @param trustedNetwork whether {@code host} may be another than a loopback address
 * @param port for the members' TCP connections at {@code host}
 * @param members {@code host:port} of some members, of which one must be there when this one is to find the fleet
 * @param lostAfter for how long a member is silent when it counts as lost, 2 s to 10 min
 * @param secretFile what all members have in common: it authenticates what they tell each other. Made where it is
 *     missing, mode 0600
 * @param maxBytes what the fleet's sets may take together, descriptors and objects, 4 KiB to 1 GiB
 */
public record ClusterSettings(
        String name,
        Optional<String> member,
        String host,
        boolean trustedNetwork,
        int port,
        List<String> members,
        Duration lostAfter,
        Path secretFile,
        int maxBytes) {

    /** The port when none is given. */
    public static final int DEFAULT_PORT = 7710;

    /** The form of fleets' and members' names. */
    static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.:-]{1,128}");

    private static final Pattern ADDRESS = Pattern.compile(".+:[0-9]{1,5}");
    private static final Duration MIN_SILENCE = Duration.ofSeconds(2);
    private static final Duration MAX_SILENCE = Duration.ofMinutes(10);
    private static final int MIN_BYTES = 4 << 10;
    private static final int MAX_BYTES = 1 << 30;
    private static final int MAX_PORT = 65_535;

    /**
     * Checks every value.
     *
     * @throws ConfigException naming all that do not fit, and what is allowed
     */
    public ClusterSettings {
        members = List.copyOf(members);
        List<String> problems = new ArrayList<>();
        if (!trustedNetwork && !isLoopback(host)) {
            problems.add("cluster.host: `" + host
                    + "`, allowed is a loopback address: members do not encrypt what they tell each other. On a network"
                    + " that only they can reach, set cluster.trusted_network: true");
        }
        if (port < 1 || port > MAX_PORT) {
            problems.add("cluster.port: " + port + ", allowed is 1 to " + MAX_PORT);
        }
        for (var address : members) {
            if (!ADDRESS.matcher(address).matches()) {
                problems.add("cluster.members: `" + address + "`, allowed is host:port");
            }
        }
        if (lostAfter.compareTo(MIN_SILENCE) < 0 || lostAfter.compareTo(MAX_SILENCE) > 0) {
            problems.add("cluster.lost_after: " + lostAfter.toMillis() + "ms, allowed is 2s to 600s");
        }
        if (maxBytes < MIN_BYTES || maxBytes > MAX_BYTES) {
            problems.add("cluster.max_bytes: " + maxBytes + ", allowed is " + MIN_BYTES + " to " + MAX_BYTES);
        }
        if (!problems.isEmpty()) {
            throw new ConfigException("settings", problems);
        }
    }

    /**
     * A fleet named {@code vertebra} at {@value #DEFAULT_PORT} of 127.0.0.1 that nobody else belongs to yet, silent
     * members lost after 10 s, 64 MiB of sets.
     *
     * @param runFolder where the secret is kept
     */
    public static ClusterSettings defaults(Path runFolder) {
        return new ClusterSettings(
                "vertebra",
                Optional.empty(),
                "127.0.0.1",
                false,
                DEFAULT_PORT,
                List.of(),
                Duration.ofSeconds(10),
                runFolder.resolve("cluster.secret"),
                64 << 20);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}

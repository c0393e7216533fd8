package io.vertebra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerSettingsReaderTest {

    @TempDir
    Path folder;

    private final Properties properties = new Properties();

    @Test
    void shouldStartWithoutAFile() {
        assertThat(ServerSettingsReader.read(Optional.empty(), properties, Map.of()))
                .isEqualTo(ServerSettings.defaults());
    }

    /** The reference file is the documentation: it has every key, and what it says is the default is. */
    @Test
    void shouldAgreeWithTheReferenceFile() throws Exception {
        var reference = reference();
        assertThat(read(reference, Map.of())).isEqualTo(ServerSettings.defaults());
        for (var key : ServerSettingsReader.KEYS) {
            assertThat(reference)
                    .as(key)
                    .containsPattern("(?m)^ *#? *" + key.substring(key.indexOf('.') + 1) + ":( |$)");
        }
        var everything = reference.replaceAll("(?m)^( *)# (( *)[a-z_]+:)", "$1$2");
        var all = read(everything, Map.of());
        assertThat(all.kafka()).contains("127.0.0.1:9092");
        assertThat(all.runtime().cores()).isEqualTo(2);
        assertThat(all.cluster()).isEmpty();
        assertThat(all.http().runFolder()).isEqualTo(Path.of("/run/user/1000/vertebra"));
    }

    @Test
    void shouldPreferPropertiesToVariablesToTheFile() throws Exception {
        var file = "http: {port: 1, max_connections: 11}\nruntime: {cores: 3}\n";
        properties.put("vertebra.http.port", "3");
        var environment = Map.of(
                "VERTEBRA_HTTP_PORT", "2",
                "VERTEBRA_HTTP_MAX_CONNECTIONS", "22",
                "VERTEBRA_OUTPUTS_CLOSE_DEADLINE", "7s",
                "VERTEBRA_CODELET_SETS", "a.yaml,b.yaml",
                "VERTEBRA_TOKEN", "secret");
        var settings = read(file, environment);
        assertThat(settings.http().port()).isEqualTo(3);
        assertThat(settings.http().maxConnections()).isEqualTo(22);
        assertThat(settings.runtime().cores()).isEqualTo(3);
        assertThat(settings.runtime().inlineSlots()).isEqualTo(16);
        assertThat(settings.outputs().closeDeadline()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.codeletSets()).isEqualTo(List.of(folder.resolve("a.yaml"), folder.resolve("b.yaml")));
    }

    @Test
    void shouldNameAllProblemsAtOnce() {
        var failure = catchThrowableOfType(ConfigException.class, () -> read("""
            http: {host: 0.0.0.0, port: 70000, request_timeout: soon}
            runtime: {cores: 0, wake: never, ring_bytes: 5000}
            outputs: {queue_bytes: 1, maximum: 2}
            kafka: [a]
            codelet_sets: x
            more: 1
            """, Map.of()));
        assertThat(failure.problems())
                .anySatisfy(p -> assertThat(p).startsWith("http.host: `0.0.0.0`, allowed is a loopback address"))
                .contains(
                        "http.port: 70000, allowed is 0 to 65535",
                        "runtime.cores: 0, allowed is 1 to 1024",
                        "runtime.wake: `never`, allowed is immediate, timer",
                        "runtime.ring_bytes: 5000, allowed is a power of two",
                        "outputs.queue_bytes: 1, allowed is at least 65536",
                        "kafka: a list, allowed is a mapping",
                        "codelet_sets: `x`, allowed is a list")
                .anySatisfy(p -> assertThat(p).startsWith("http.request_timeout: `soon`, allowed is a duration"))
                .anySatisfy(p -> assertThat(p).startsWith("outputs.maximum: unknown key"))
                .anySatisfy(p -> assertThat(p).startsWith("more: unknown key"))
                .hasSize(11);
    }

    @Test
    void shouldReadAFleet() throws Exception {
        assertThat(read("cluster: {enabled: true}\nhttp: {run_folder: /run/v}\n", Map.of())
                        .cluster())
                .contains(ClusterSettings.defaults(Path.of("/run/v")));
        var cluster = read(
                        "cluster: {name: shop, secret_file: s}\n",
                        Map.of(
                                "VERTEBRA_CLUSTER_ENABLED", "true",
                                "VERTEBRA_CLUSTER_MEMBERS", "127.0.0.2:7710,127.0.0.3:7710",
                                "VERTEBRA_CLUSTER_HOST", "10.0.0.1",
                                "VERTEBRA_CLUSTER_TRUSTED_NETWORK", "true"))
                .cluster()
                .orElseThrow();
        assertThat(cluster.name()).isEqualTo("shop");
        assertThat(cluster.host()).isEqualTo("10.0.0.1");
        assertThat(cluster.members()).containsExactly("127.0.0.2:7710", "127.0.0.3:7710");
        assertThat(cluster.secretFile()).isEqualTo(folder.resolve("s"));
    }

    @Test
    void shouldKeepAFleetFromTheNetwork() {
        var failure = catchThrowableOfType(ConfigException.class, () -> read("""
            cluster: {enabled: perhaps, host: 0.0.0.0, port: 0, members: [x], lost_after: 1s, max_bytes: 1}
            """, Map.of()));
        assertThat(failure.problems())
                .anySatisfy(p -> assertThat(p).startsWith("cluster.host: `0.0.0.0`, allowed is a loopback address"))
                .contains(
                        "cluster.enabled: `perhaps`, allowed is false, true",
                        "cluster.port: 0, allowed is 1 to 65535",
                        "cluster.members: `x`, allowed is host:port",
                        "cluster.lost_after: 1000ms, allowed is 2s to 600s",
                        "cluster.max_bytes: 1, allowed is 4096 to 1073741824")
                .hasSize(6);
    }

    private ServerSettings read(String yaml, Map<String, String> environment) throws IOException {
        var file = Files.writeString(folder.resolve("vertebra.yaml"), yaml);
        return ServerSettingsReader.read(Optional.of(file), properties, environment);
    }

    private static String reference() throws IOException {
        try (var in = ServerSettings.class.getResourceAsStream("reference.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

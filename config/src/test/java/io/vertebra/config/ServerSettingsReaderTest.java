package io.vertebra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertebra.config.KafkaSettings.CloudEventsMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerSettingsReaderTest {

    @TempDir
    Path folder;

    private final Properties properties = new Properties();

    @Test
    void shouldStartWithoutAFile() {
        assertThat(ServerSettingsReader.read(Optional.empty(), properties, Map.of()))
                .isEqualTo(new LoadedSettings(ServerSettings.defaults(), Map.of()));
    }

    /** The reference file is the documentation: it has every key, and what it says is the default is. */
    @Test
    void shouldAgreeWithTheReferenceFile() throws Exception {
        var reference = reference();
        assertThat(read(reference, Map.of()).settings()).isEqualTo(ServerSettings.defaults());
        for (var key : SettingKey.ALL) {
            var name = key.name().substring(key.name().lastIndexOf('.') + 1);
            assertThat(reference)
                    .as(key.name())
                    .containsPattern(
                            key.live()
                                    ? "(?m)^ *# \\(live\\) .+\n( *# [^(].+\n)*? *#? *" + name + ":( |$)"
                                    : "(?m)^ *#? *" + name + ":( |$)");
        }
        var everything = reference.replaceAll("(?m)^( *)# (( *)[a-z_]+:)", "$1$2");
        var all = read(everything, Map.of()).settings();
        // a value without a key could not be given by a variable, and its change would escape a reload
        assertThat(leaves("", (Map<?, ?>) YamlDocument.parse(everything, "reference")))
                .containsExactlyInAnyOrderElementsOf(
                        SettingKey.ALL.stream().map(SettingKey::name).toList());
        assertThat(all.http().access().tls())
                .contains(TlsSettings.of(folder.resolve("server.crt"), folder.resolve("server.key"))
                        .withClients(folder.resolve("clients.crt"), Map.of("prometheus", Role.VIEWER)));
        assertThat(all.admission().grantOf(Role.AUTHOR))
                .isEqualTo(new Grant(List.of("gateway/*"), List.of("gateway_*")));
        assertThat(all.admission().grantOf(Role.OPERATOR)).isEqualTo(Grant.NONE);
        assertThat(all.log()).as("without a target").isEmpty();
        assertThat(all.kafka().orElseThrow().bootstrapServers()).isEqualTo("127.0.0.1:9092");
        assertThat(all.kafka().orElseThrow().properties().values())
                .isEqualTo(Map.of("security.protocol", "SASL_SSL", "sasl.mechanism", "PLAIN"));
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
        var loaded = read(file, environment);
        var settings = loaded.settings();
        assertThat(settings.http().port()).isEqualTo(3);
        assertThat(settings.http().limits().maxConnections()).isEqualTo(22);
        assertThat(settings.runtime().cores()).isEqualTo(3);
        assertThat(settings.runtime().inlineSlots()).isEqualTo(16);
        assertThat(settings.outputs().closeDeadline()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.codeletSets()).isEqualTo(List.of(folder.resolve("a.yaml"), folder.resolve("b.yaml")));
        assertThat(SettingKey.ALL.stream().collect(Collectors.toMap(SettingKey::name, loaded::source)))
                .containsEntry("http.port", "property vertebra.http.port")
                .containsEntry("http.max_connections", "environment VERTEBRA_HTTP_MAX_CONNECTIONS")
                .containsEntry("runtime.cores", folder.resolve("vertebra.yaml") + ":2")
                .containsEntry("runtime.wake", "default");
        assertThat(loaded.changed(read(file, Map.of())).stream().map(SettingKey::name))
                .containsExactly("http.max_connections", "outputs.close_deadline", "codelet_sets");
    }

    @Test
    void shouldReadConnectors() throws Exception {
        var settings = read("""
            log: {target: file, file: out/records.ndjson, max_bytes: 8KiB, keep: 2}
            kafka:
              bootstrap_servers: a:1,b:2
              cloud_events: structured
              properties: {sasl.jaas.config: a secret, retries: 3, allow.auto.create.topics: false}
            """, Map.of()).settings();
        assertThat(settings.log())
                .contains(new LogSettings(Optional.of(folder.resolve("out/records.ndjson")), 8_192, 2));
        var kafka = settings.kafka().orElseThrow();
        assertThat(kafka.withCloudEvents(CloudEventsMode.BINARY))
                .isEqualTo(new KafkaSettings(
                        "a:1,b:2",
                        "vertebra.",
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        CloudEventsMode.BINARY,
                        new KafkaSettings.Properties(Map.of(
                                "sasl.jaas.config", "a secret", "retries", "3", "allow.auto.create.topics", "false"))));
        assertThat(kafka.cloudEvents()).isEqualTo(CloudEventsMode.STRUCTURED);
        assertThat(read("log: {target: stdout}", Map.of()).settings().log()).contains(LogSettings.standardOutput());
    }

    @Test
    void shouldNeverShowSecrets() throws Exception {
        var file = "kafka: {bootstrap_servers: a:1, properties: {ssl.key.password: hidden, sasl.jaas.config: hidden}}";
        var loaded = read(file, Map.of());
        for (var key : SettingKey.ALL) {
            assertThat(key.text(loaded.settings())).doesNotContain("hidden");
        }
        assertThat(loaded.toString())
                .contains("sasl.jaas.config,ssl.key.password")
                .doesNotContain("hidden");
        assertThat(loaded.changed(read(file.replaceFirst("hidden", "changed"), Map.of())).stream()
                        .map(SettingKey::name))
                .containsExactly("kafka.properties");
        assertThatThrownBy(() ->
                        read("kafka: {bootstrap_servers: a:1, properties: {ssl.key.password: [hidden]}}", Map.of()))
                .hasMessageEndingWith("kafka.properties.ssl.key.password: no text, allowed is text")
                .hasMessageNotContaining("hidden");
        assertThatThrownBy(() -> read("", Map.of("VERTEBRA_KAFKA_PROPERTIES", "ssl.key.password=hidden")))
                .hasMessage("environment VERTEBRA_KAFKA_PROPERTIES: kafka.properties: no mapping, allowed is a mapping,"
                        + " in the file");
    }

    @Test
    void shouldNameWhatConnectorsCannotBe() {
        assertThatThrownBy(() -> read("""
            log: {target: file, max_bytes: 1KiB, keep: -1}
            kafka:
              bootstrap_servers: a:1
              topic_prefix: "a b"
              delivery_timeout: 1ms
              cloud_events: both
              properties: {acks: 0, linger.ms: 3}
            """, Map.of()))
                .isInstanceOfSatisfying(
                        ConfigException.class,
                        e -> assertThat(e.problems())
                                .extracting(problem -> problem.replace(folder.resolve("vertebra.yaml") + ":", ""))
                                .containsExactlyInAnyOrder(
                                        "1: log.file: missing, allowed is a path, because target is `file`",
                                        "1: log.max_bytes: 1024, allowed is at least 4096",
                                        "1: log.keep: -1, allowed is 0 to 1000",
                                        "4: kafka.topic_prefix: `a b`, allowed is text of the form"
                                                + " [a-zA-Z0-9._-]{0,200}",
                                        "5: kafka.delivery_timeout: 1ms, allowed is 100ms to 3600s",
                                        "6: kafka.cloud_events: `both`, allowed is binary, structured",
                                        "7: kafka.properties.acks: is Vertebra's own, allowed is any other name"));
    }

    /** Whatever its type is, every key takes its value from each of the three. */
    @Test
    void shouldTakeEveryKeyFromPropertiesAndVariables() throws Exception {
        var others = Map.ofEntries(
                Map.entry("http.host", "127.0.0.2"),
                Map.entry("http.run_folder", "/run/other"),
                Map.entry("http.max_upload", "8KiB"),
                Map.entry("http.request_timeout", "31s"),
                Map.entry("http.token_file", "/tokens.yaml"),
                Map.entry("http.allowed_hosts", "a.example"),
                Map.entry("http.tls.certificate", "/c.pem"),
                Map.entry("http.tls.key", "/k.pem"),
                Map.entry("http.tls.client_ca", "/a.pem"),
                Map.entry("http.tls.check_every", "11s"),
                Map.entry("admission.unsigned", "warn"),
                Map.entry("admission.trusted_keys", "/a.pub"),
                Map.entry("admission.allowed_digests", "0".repeat(64)),
                Map.entry("runtime.ring_bytes", "2MiB"),
                Map.entry("runtime.wake", "timer"),
                Map.entry("outputs.queue_bytes", "17MiB"),
                Map.entry("outputs.close_deadline", "9s"),
                Map.entry("outputs.spool", "/var/spool"),
                Map.entry("log.target", "file"),
                Map.entry("log.file", "/records.ndjson"),
                Map.entry("log.max_bytes", "8KiB"),
                Map.entry("kafka.bootstrap_servers", "127.0.0.1:1"),
                Map.entry("kafka.topic_prefix", "shop-"),
                Map.entry("kafka.start_timeout", "6s"),
                Map.entry("kafka.delivery_timeout", "31s"),
                Map.entry("kafka.cloud_events", "structured"),
                Map.entry("cluster.enabled", "true"),
                Map.entry("cluster.name", "shop"),
                Map.entry("cluster.member", "one"),
                Map.entry("cluster.host", "127.0.0.2"),
                Map.entry("cluster.trusted_network", "true"),
                Map.entry("cluster.members", "127.0.0.2:1,127.0.0.3:1"),
                Map.entry("cluster.lost_after", "9s"),
                Map.entry("cluster.secret_file", "/run/other.secret"),
                Map.entry("cluster.max_bytes", "8KiB"),
                Map.entry("codelet_sets", "/x.yaml"));
        var mappings = Set.of("http.tls.client_roles", "admission.grants", "kafka.properties"); // for the file alone
        var contexts = Map.of( // without which they mean nothing
                "http\\.tls\\..*", "http: {tls: {certificate: c, key: k}}",
                "log\\.target", "log: {file: f}",
                "log\\.(?!target).*", "log: {target: file, file: f}",
                "kafka\\.(?!bootstrap).*", "kafka: {bootstrap_servers: 127.0.0.1:1}",
                "cluster\\.(?!enabled).*", "cluster: {enabled: true}");
        for (var key : SettingKey.ALL) {
            if (mappings.contains(key.name())) {
                continue;
            }
            var value = others.getOrDefault(key.name(), "7");
            var file = contexts.entrySet().stream()
                    .filter(context -> key.name().matches(context.getKey()))
                    .map(context -> context.getValue() + "\n")
                    .findFirst()
                    .orElse("");
            properties.clear();
            var byVariable = read(file, Map.of(key.variable(), value));
            assertThat(byVariable.source(key)).isEqualTo("environment " + key.variable());
            properties.put(key.property(), value);
            var byProperty = read(file, Map.of(key.variable(), "no value of any key: \0"));
            assertThat(byProperty.source(key)).isEqualTo("property " + key.property());
            properties.clear();
            assertThat(byProperty.changed(read(file, Map.of()))).as(key.name()).contains(key);
            assertThat(byVariable.changed(byProperty)).isEmpty();
        }
    }

    @Test
    void shouldNameAllProblemsAtOnce() {
        properties.put("vertebra.runtime.wake", "never");
        properties.put("vertebra.http.prot", "1");
        var failure = catchThrowableOfType(
                ConfigException.class,
                () -> read(
                        """
                        http: {host: 0.0.0.0,
                          port: 70000}
                        runtime: {cores: 0, wake: timer, ring_bytes: 5000}
                        outputs: {queue_bytes: 1, maximum: 2}
                        kafka: [a]
                        codelet_sets: x
                        more: 1
                        """,
                        Map.of(
                                "VERTEBRA_HTTP_REQUEST_TIMEOUT",
                                "soon",
                                "VERTEBRA_KAFKA_BOOTSTRAP_SERVERS",
                                "b:1",
                                "VERTEBRA_RUNTIME_CORE",
                                "2")));
        var file = folder.resolve("vertebra.yaml");
        assertThat(failure.problems())
                .contains(
                        file + ":1: http.host: `0.0.0.0` is not a loopback address, others can reach it: needed are TLS"
                                + " and tokens, missing are http.tls (certificate and key) and http.token_file",
                        file + ":2: http.port: 70000, allowed is 0 to 65535",
                        file + ":3: runtime.cores: 0, allowed is 1 to 1024",
                        "property vertebra.runtime.wake: runtime.wake: `never`, allowed is immediate, timer",
                        file + ":3: runtime.ring_bytes: 5000, allowed is a power of two",
                        file + ":4: outputs.queue_bytes: 1, allowed is at least 65536",
                        file + ":5: kafka: a list, allowed is a mapping",
                        file + ":6: codelet_sets: `x`, allowed is a list",
                        "property: vertebra.http.prot: no setting has this name, see `vertebra start --reference`")
                .anySatisfy(p -> assertThat(p)
                        .startsWith("environment VERTEBRA_HTTP_REQUEST_TIMEOUT: http.request_timeout: `soon`, allowed"))
                .anySatisfy(p -> assertThat(p).startsWith(file + ":4: outputs.maximum: unknown key"))
                .anySatisfy(p -> assertThat(p).startsWith(file + ":7: more: unknown key"))
                .contains("environment: VERTEBRA_RUNTIME_CORE: no setting has this name, see `vertebra start"
                        + " --reference`")
                .hasSize(13);
        assertThat(failure).hasMessage(String.join("; ", failure.problems()));
    }

    private static boolean isKey(String path) {
        return SettingKey.ALL.stream().anyMatch(key -> key.name().equals(path));
    }

    @Test
    void shouldReadAFleet() throws Exception {
        assertThat(read("cluster: {enabled: true}\nhttp: {run_folder: /run/v}\n", Map.of())
                        .settings()
                        .cluster())
                .contains(ClusterSettings.defaults(Path.of("/run/v")));
        var cluster = read(
                        "cluster: {name: shop, secret_file: s}\n",
                        Map.of(
                                "VERTEBRA_CLUSTER_ENABLED", "true",
                                "VERTEBRA_CLUSTER_MEMBERS", "127.0.0.2:7710,127.0.0.3:7710",
                                "VERTEBRA_CLUSTER_HOST", "10.0.0.1",
                                "VERTEBRA_CLUSTER_TRUSTED_NETWORK", "true"))
                .settings()
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
        var line = folder.resolve("vertebra.yaml") + ":1: ";
        assertThat(failure.problems())
                .anySatisfy(
                        p -> assertThat(p).startsWith(line + "cluster.host: `0.0.0.0`, allowed is a loopback address"))
                .contains(
                        line + "cluster.enabled: `perhaps`, allowed is false, true",
                        line + "cluster.port: 0, allowed is 1 to 65535",
                        line + "cluster.members: `x`, allowed is host:port",
                        line + "cluster.lost_after: 1000ms, allowed is 2s to 600s",
                        line + "cluster.max_bytes: 1, allowed is 4096 to 1073741824")
                .hasSize(6);
    }

    private static List<String> leaves(String path, Map<?, ?> section) {
        return section.entrySet().stream()
                .flatMap(entry -> entry.getValue() instanceof Map<?, ?> inner && !isKey(path + entry.getKey())
                        ? leaves(path + entry.getKey() + ".", inner).stream()
                        : Stream.of(path + entry.getKey()))
                .toList();
    }

    @Test
    void shouldListenElsewhereWithTlsAndTokens() throws Exception {
        var environment = Map.of(
                "VERTEBRA_HTTP_TLS_CERTIFICATE", "/c.pem",
                "VERTEBRA_HTTP_TLS_CHECK_EVERY", "1s",
                "VERTEBRA_HTTP_ALLOWED_HOSTS", "a.example,b.example");
        var file = "http: {host: 0.0.0.0, token_file: tokens.yaml, tls: {certificate: c.pem, key: k.pem}}\n";
        var http = read(file, environment).settings().http();
        assertThat(http.openReading()).isFalse();
        assertThat(http.publicHost()).isEqualTo("a.example");
        assertThat(http.access().tokenFile()).contains(folder.resolve("tokens.yaml"));
        assertThat(http.access().tls())
                .contains(TlsSettings.of(Path.of("/c.pem"), folder.resolve("k.pem"))
                        .withCheckEvery(Duration.ofSeconds(1)));
        assertProblem("http: {host: 0.0.0.0, token_file: t}", "missing is http.tls (certificate and key)");
        assertProblem("http: {host: 0.0.0.0, tls: {certificate: c, key: k}}", "missing is http.token_file");
        assertProblem("http: {tls: {certificate: c}}", "http.tls.key: missing");
        assertProblem(
                "http: {tls: {certificate: c, key: k, client_ca: a, client_roles: {bob: king}}}",
                "http.tls.client_roles.bob: `king`, allowed is author, operator, viewer");
        assertProblem(
                "http: {tls: {certificate: c, key: k, client_roles: {bob: viewer}}}",
                "http.tls.client_roles: given without client_ca");
    }

    @Test
    void shouldReadWhoIsAdmitted() throws Exception {
        var digest = "0".repeat(64);
        var admission = read(
                        "admission: {unsigned: deny, trusted_keys: [a.pub], allowed_digests: ['" + digest
                                + "'], grants: {operator: {hooks: ['demo/*']}, author: {helpers: [x]}}}",
                        Map.of())
                .settings()
                .admission();
        assertThat(admission.trustedKeys()).containsExactly(folder.resolve("a.pub"));
        assertThat(admission.allowedDigests()).containsExactly(digest);
        assertThat(admission.grantOf(Role.VIEWER)).isEqualTo(Grant.NONE);
        assertThat(admission.grantOf(Role.OPERATOR)).isEqualTo(new Grant(List.of("demo/*"), List.of()));
        assertThat(admission.grantOf(Role.AUTHOR)).isEqualTo(new Grant(List.of("demo/*"), List.of("x")));
        assertProblem("admission: {unsigned: deny}", "admission.unsigned: deny without trusted_keys");
        assertProblem("admission: {allowed_digests: [x]}", "admission.allowed_digests: `x`, allowed is SHA-256");
        assertProblem("admission: {grants: {king: {}}}", "admission.grants.king: unknown key");
    }

    @ParameterizedTest
    @CsvSource({
        "demo/*, demo/choose, true",
        "demo/*, demos/choose, false",
        "*, anything, true",
        "a*b*c, a-b-b-c, true",
        "a*b*c, a-b-b, false",
        "demo/choose, demo/choose, true",
        "demo/choose, demo/choose2, false",
        "'', x, false",
    })
    void shouldMatchNamesToGrants(String pattern, String name, boolean allowed) {
        assertThat(new Grant(List.of(pattern), List.of()).allowsHook(name)).isEqualTo(allowed);
        assertThat(new Grant(List.of(), List.of(pattern)).allowsHelper(name)).isEqualTo(allowed);
    }

    private void assertProblem(String yaml, String part) {
        var failure = catchThrowableOfType(ConfigException.class, () -> read(yaml, Map.of()));
        assertThat(failure.problems()).singleElement().asString().contains(part);
    }

    private LoadedSettings read(String yaml, Map<String, String> environment) throws IOException {
        var file = Files.writeString(folder.resolve("vertebra.yaml"), yaml);
        return ServerSettingsReader.read(Optional.of(file), properties, environment);
    }

    private static String reference() throws IOException {
        try (var in = ServerSettings.class.getResourceAsStream("reference.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                    .containsPattern("(?m)^ *#? *" + key.substring(key.lastIndexOf('.') + 1) + ":( |$)");
        }
        var everything = reference.replaceAll("(?m)^( *)# (( *)[a-z_]+:)", "$1$2");
        var all = read(everything, Map.of());
        assertThat(all.http().access().tls())
                .contains(TlsSettings.of(folder.resolve("server.crt"), folder.resolve("server.key"))
                        .withClients(folder.resolve("clients.crt"), Map.of("prometheus", Role.VIEWER)));
        assertThat(all.admission().grantOf(Role.AUTHOR))
                .isEqualTo(new Grant(List.of("gateway/*"), List.of("gateway_*")));
        assertThat(all.admission().grantOf(Role.OPERATOR)).isEqualTo(Grant.NONE);
        assertThat(all.kafka()).contains("127.0.0.1:9092");
        assertThat(all.runtime().cores()).isEqualTo(2);
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
        assertThat(settings.http().limits().maxConnections()).isEqualTo(22);
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
                .contains(
                        "http.host: `0.0.0.0` is not a loopback address, others can reach it: needed are TLS and"
                                + " tokens, missing are http.tls (certificate and key) and http.token_file",
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
    void shouldListenElsewhereWithTlsAndTokens() throws Exception {
        var environment = Map.of(
                "VERTEBRA_HTTP_TLS_CERTIFICATE", "/c.pem",
                "VERTEBRA_HTTP_TLS_CHECK_EVERY", "1s",
                "VERTEBRA_HTTP_ALLOWED_HOSTS", "a.example,b.example");
        var file = "http: {host: 0.0.0.0, token_file: tokens.yaml, tls: {certificate: c.pem, key: k.pem}}\n";
        var http = read(file, environment).http();
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

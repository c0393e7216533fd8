package io.vertebra.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertebra.config.AdmissionSettings;
import io.vertebra.config.AdmissionSettings.Unsigned;
import io.vertebra.config.Grant;
import io.vertebra.config.HttpSettings;
import io.vertebra.config.Role;
import io.vertebra.runtime.admission.SetManifest;
import io.vertebra.runtime.admission.SigningKey;
import io.vertebra.runtime.codelet.LoadException;
import io.vertebra.verticles.ApiClient.Answer;
import io.vertebra.vm.helper.HelperGroup;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uploads to a server that takes signed sets only and grants authors one control hook's group and one helper. */
@Timeout(120)
class AdmissionApiTest {

    private static final String TALLY = "codeletset: tally\ncodelets: [{object: tally.bpf.o, execution: inline}]\n";
    private static final String CONTROL = "codeletset: control\ncodelets: [{object: control.bpf.o}]\n";
    private static final String HELPERS = "codeletset: helpers\ncodelets: [{object: helpers.bpf.o}]\n";

    @TempDir
    static Path folder;

    private static SigningKey key;
    private static Vertebra vertebra;

    @HelperGroup("probe")
    public interface Probe {
        /** An application's helper. */
        @HelperGroup.Helper(id = 65537)
        long backend(int route, long load);

        /** Another one. */
        @HelperGroup.Helper(id = 65538)
        boolean isOpen(int route);
    }

    @BeforeAll
    static void start() throws Exception {
        assertThat(ProbeHooks.HOOKS.choose(0, 0)).isEqualTo(-1);
        key = SigningKey.generate(folder.resolve("release.key"), folder.resolve("release.pub"));
        vertebra = start(Map.of(
                Role.OPERATOR, new Grant(List.of("other/*"), List.of()),
                Role.AUTHOR, new Grant(List.of(), List.of("probe_b*"))));
    }

    @AfterAll
    static void stop() {
        vertebra.close();
    }

    @AfterEach
    void unload() {
        vertebra.runtime().sets().forEach(set -> set.unload());
    }

    @Test
    void shouldTakeSignedSetsOnly() throws Exception {
        try (var author = new ApiClient(vertebra, "author")) {
            var unsigned = author.upload("POST", "codelet-sets", TALLY, "tally.bpf.o");
            assertRefused(unsigned, "unsigned", "set `tally` has no signature");
            assertThat(author.get("events").array().stream().map(JsonObject.class::cast))
                    .anySatisfy(event -> {
                        assertThat(event.getString("event")).isEqualTo("refused");
                        assertThat(event.getString("rule")).isEqualTo("unsigned");
                    });
            var signed = author.uploadSigned("POST", "codelet-sets", sign(TALLY, "tally.bpf.o"), TALLY, "tally.bpf.o");
            assertThat(signed.status()).as(signed.response().body()).isEqualTo(201);
        }
    }

    @Test
    void shouldTakeSignedReplacementsOnly() throws Exception {
        try (var author = new ApiClient(vertebra, "author")) {
            var first = sign(TALLY, "tally.bpf.o");
            author.uploadSigned("POST", "codelet-sets", first, TALLY, "tally.bpf.o");
            var next = TALLY + "limits: {max_steps: 1000}\n";
            var replayed = author.uploadSigned("PUT", "codelet-sets/tally", first, next, "tally.bpf.o");
            assertRefused(replayed, "descriptor_digest", "the descriptor of set `tally` is another one");
            assertRefused(author.upload("PUT", "codelet-sets/tally", next, "tally.bpf.o"), "unsigned", "set `tally`");
            var signed =
                    author.uploadSigned("PUT", "codelet-sets/tally", sign(next, "tally.bpf.o"), next, "tally.bpf.o");
            assertThat(signed.status()).isEqualTo(200);
        }
    }

    @Test
    void shouldAskForGrants() throws Exception {
        vertebra.helpers(Probe.class, new Probe() {
            @Override
            public long backend(int route, long load) {
                return route;
            }

            @Override
            public boolean isOpen(int route) {
                return true;
            }
        });
        try (var author = new ApiClient(vertebra, "author")) {
            assertRefused(
                    author.uploadSigned(
                            "POST", "codelet-sets", sign(CONTROL, "control.bpf.o"), CONTROL, "control.bpf.o"),
                    "grants_hooks",
                    "codelet `choose` is for control hook `probe/choose`, granted are [other/*]");
            assertThat(vertebra.runtime().sets()).isEmpty();
        }
        try (var other = start(Map.of(Role.OPERATOR, new Grant(List.of("probe/*"), List.of("probe_b*"))));
                var author = new ApiClient(other, "author")) {
            other.helpers(Probe.class, new Probe() {
                @Override
                public long backend(int route, long load) {
                    return route;
                }

                @Override
                public boolean isOpen(int route) {
                    return true;
                }
            });
            assertRefused(
                    author.uploadSigned(
                            "POST", "codelet-sets", sign(HELPERS, "helpers.bpf.o"), HELPERS, "helpers.bpf.o"),
                    "grants_helpers",
                    "codelet `choose` calls the application's helper `probe_is_open`, granted are [probe_b*]");
            var granted = author.uploadSigned(
                    "POST", "codelet-sets", sign(CONTROL, "control.bpf.o"), CONTROL, "control.bpf.o");
            assertThat(granted.status()).as(granted.response().body()).isEqualTo(201);
        }
    }

    /** What the application itself loads needs its signature, but no role's grant; enabling it over HTTP does. */
    @Test
    void shouldHoldEnablingToGrantsToo() throws Exception {
        Files.copy(ApiClient.OBJECTS.resolve("control.bpf.o"), folder.resolve("control.bpf.o"));
        var file = Files.writeString(folder.resolve("control.yaml"), CONTROL);
        assertThatThrownBy(() -> vertebra.load(file))
                .isInstanceOf(LoadException.class)
                .hasMessageStartingWith("rule unsigned: ");
        Files.writeString(folder.resolve("control.yaml.sig"), sign(CONTROL, "control.bpf.o"));
        vertebra.load(file);
        try (var operator = new ApiClient(vertebra, "operator")) {
            assertThat(operator.send("POST", "codelet-sets/control/disable", "").status())
                    .isEqualTo(200);
            assertRefused(
                    operator.send("POST", "codelet-sets/control/enable", ""),
                    "grants_hooks",
                    "codelet `choose` is for control hook `probe/choose`");
        }
    }

    /** A path in jbpf's descriptors may name variables; those of this process are not for whoever uploads, nor looked at. */
    @Test
    void shouldShowNothingOfTheEnvironment() throws Exception {
        var descriptor = """
            codeletset_id: leak
            codelet_descriptor:
              - {codelet_name: a, codelet_path: "${PATH}/x.o", hook_name: report_stats, priority: 1}
            """;
        try (var author = new ApiClient(vertebra, "author")) {
            var refused = author.upload("POST", "codelet-sets", descriptor);
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.detail()).contains("object `x.o`: not uploaded").doesNotContain(System.getenv("PATH"));
        }
    }

    private static void assertRefused(Answer answer, String rule, String sentence) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(403);
        assertThat(answer.object().getString("rule")).isEqualTo(rule);
        assertThat(answer.detail()).startsWith("rule " + rule + ": " + sentence);
    }

    private static Vertebra start(Map<Role, Grant> grants) throws Exception {
        var admission = new AdmissionSettings(
                Unsigned.DENY, List.of(folder.resolve("release.pub")), Set.of(), Optional.of(grants));
        var http = HttpSettings.defaults().withPort(0).withRunFolder(folder.resolve("run"));
        return Vertebra.start(
                VertebraConfig.defaults().withCores(1).withHttp(http).withAdmission(admission));
    }

    private static String sign(String descriptor, String... objects) throws Exception {
        Map<String, byte[]> contents = new HashMap<>();
        for (var object : objects) {
            contents.put(object, Files.readAllBytes(ApiClient.OBJECTS.resolve(object)));
        }
        return key.sign(SetManifest.of(descriptor.getBytes(StandardCharsets.UTF_8), contents));
    }
}

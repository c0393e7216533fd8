package io.vertebra.runtime.codelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertebra.config.AdmissionSettings;
import io.vertebra.config.AdmissionSettings.Unsigned;
import io.vertebra.config.ConfigException;
import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.admission.Admission;
import io.vertebra.runtime.admission.AdmissionException;
import io.vertebra.runtime.admission.AdmissionException.Rule;
import io.vertebra.runtime.admission.SetManifest;
import io.vertebra.runtime.admission.SigningKey;
import io.vertebra.runtime.codelet.LoadException.Stage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sets on disk, signed, tampered with, and loaded into a runtime that takes signed ones only. */
class AdmissionTest {

    private static final Path OBJECTS = Path.of("src/test/resources/codelets");

    @TempDir
    Path folder;

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));
    private SigningKey key;
    private Path set;

    @BeforeEach
    void sign() throws Exception {
        assertThat(ProbeHooks.HOOKS).isNotNull(); // there are hooks to load for
        key = SigningKey.generate(folder.resolve("trusted.key"), folder.resolve("trusted.pub"));
        Files.copy(OBJECTS.resolve("nothing.bpf.o"), folder.resolve("code.o"));
        set = Files.writeString(folder.resolve("set.yaml"), "codeletset: set\ncodelets: [{object: code.o}]\n");
        signWith(key);
        runtime.admission(Admission.of(deny(Set.of())));
    }

    @AfterEach
    void close() {
        runtime.close();
    }

    @Test
    void shouldLoadWhatATrustedKeyHasSigned() throws Exception {
        assertThat(runtime.load(set).name()).isEqualTo("set");
    }

    @Test
    void shouldWriteKeysForTheirOwnerAndNeverOverOthers() throws Exception {
        var secret = folder.resolve("trusted.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(secret)).startsWith("-----BEGIN PRIVATE KEY-----\n");
        assertThat(Files.readString(folder.resolve("trusted.pub"))).startsWith("-----BEGIN PUBLIC KEY-----\n");
        assertThat(SigningKey.read(secret, folder.resolve("trusted.pub")).id()).isEqualTo(key.id());
        var before = Files.readString(secret);
        assertThatThrownBy(() -> SigningKey.generate(secret, folder.resolve("new.pub")))
                .isInstanceOf(IOException.class)
                .hasMessage("`" + secret + "` is there already, keys are never overwritten");
        assertThat(Files.readString(secret)).isEqualTo(before);
    }

    @Test
    void shouldRefuseUnsignedSets() throws Exception {
        Files.delete(signature());
        var digest = SetManifest.of(Files.readAllBytes(set), Map.of("code.o", bytes("code.o")))
                .digest();
        assertRefused(
                Rule.UNSIGNED,
                "set `set` has no signature: sign it with `vertebra set sign`, or add its digest " + digest
                        + " to admission.allowed_digests");
        runtime.admission(Admission.of(deny(Set.of(digest))));
        assertThat(runtime.load(set).digest()).isEqualTo(digest);
    }

    @Test
    void shouldTakeUnsignedSetsWhereThatIsAllowed() throws Exception {
        Files.delete(signature());
        for (var unsigned : List.of(Unsigned.ALLOW, Unsigned.WARN)) {
            runtime.admission(Admission.of(new AdmissionSettings(unsigned, trusted(), Set.of(), Optional.empty())));
            runtime.load(set).unload();
        }
        // but not one whose signature is wrong
        signWith(SigningKey.generate(folder.resolve("other.key"), folder.resolve("other.pub")));
        assertRefused(Rule.TRUSTED_KEYS, "set `set` is signed with key ");
    }

    @Test
    void shouldRefuseATamperedDescriptor() throws Exception {
        Files.writeString(set, Files.readString(set) + "limits: {max_steps: 5}\n");
        assertRefused(Rule.DESCRIPTOR_DIGEST, "the descriptor of set `set` is another one than was signed");
    }

    @Test
    void shouldRefuseATamperedObject() throws Exception {
        var content = bytes("code.o");
        content[content.length - 1] ^= 1;
        Files.write(folder.resolve("code.o"), content);
        assertRefused(Rule.OBJECT_DIGEST, "object `code.o` of set `set` is another one than was signed");
    }

    /** The signature of a set does for no other set, whichever of its files they share. */
    @Test
    void shouldRefuseAReplayedSignature() throws Exception {
        var other = Files.writeString(folder.resolve("b.yaml"), "codeletset: b\ncodelets: [{object: code.o}]\n");
        Files.copy(signature(), folder.resolve("b.yaml.sig"));
        set = other;
        assertRefused(Rule.DESCRIPTOR_DIGEST, "the descriptor of set `b` is another one than was signed");
    }

    /** Names are signed with the contents: two objects cannot change places. */
    @Test
    void shouldRefuseOtherNamesForSignedObjects() throws Exception {
        var manifest = SetManifest.of(Files.readAllBytes(set), Map.of("other.o", bytes("code.o")));
        Files.writeString(signature(), key.sign(manifest));
        assertRefused(Rule.OBJECT_LIST, "set `set` has the objects [code.o], signed are [other.o]");
    }

    @Test
    void shouldRefuseAnUnknownKey() throws Exception {
        var other = SigningKey.generate(folder.resolve("other.key"), folder.resolve("other.pub"));
        signWith(other);
        assertRefused(
                Rule.TRUSTED_KEYS,
                "set `set` is signed with key " + other.id().substring(0, 16) + "..., trusted are ["
                        + key.id().substring(0, 16) + "...]: sign it with one of them");
        // nor one that calls itself by a trusted key's name
        Files.writeString(signature(), Files.readString(signature()).replace(other.id(), key.id()));
        assertRefused(Rule.SIGNATURE_VALUE, "the signature of set `set` is not of key ");
    }

    @Test
    void shouldRefuseATruncatedSignatureAtAnyLength() throws Exception {
        var whole = Files.readAllBytes(signature());
        for (int length = 0; length < whole.length; length++) {
            Files.write(signature(), Arrays.copyOf(whole, length));
            assertThat(refusal().rule()).as("%d bytes", length).isIn(Rule.SIGNATURE_FORMAT, Rule.SIGNATURE_VALUE);
        }
    }

    /** No bit of the file is without meaning. */
    @Test
    void shouldRefuseASignatureWithAnyBitChanged() throws Exception {
        var whole = Files.readAllBytes(signature());
        for (int bit = 0; bit < whole.length * 8; bit++) {
            var changed = whole.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(signature(), changed);
            assertThat(refusal().rule())
                    .as("bit %d", bit)
                    .isIn(Rule.SIGNATURE_FORMAT, Rule.SIGNATURE_ALGORITHM, Rule.TRUSTED_KEYS, Rule.SIGNATURE_VALUE);
        }
    }

    @Test
    void shouldRefuseOtherAlgorithms() throws Exception {
        Files.writeString(signature(), Files.readString(signature()).replace("ed25519", "none"));
        assertRefused(Rule.SIGNATURE_ALGORITHM, "set `set` is signed with none, allowed is ed25519");
        var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        var pem = Files.writeString(
                folder.resolve("rsa.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + Base64.getEncoder().encodeToString(rsa.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        var settings = new AdmissionSettings(Unsigned.DENY, List.of(pem), Set.of(), Optional.empty());
        assertThat(catchThrowableOfType(ConfigException.class, () -> Admission.of(settings))
                        .problems())
                .containsExactly("admission.trusted_keys: key `" + pem + "`: of RSA, allowed is Ed25519");
    }

    /** What was checked is what is loaded: files that change afterwards, or are replaced, are not read again. */
    @Test
    void shouldLoadTheVeryBytesThatWereChecked() throws Exception {
        var opened = runtime.open(set);
        var digest = opened.digest();
        Files.copy(OBJECTS.resolve("tally.bpf.o"), folder.resolve("code.o"), StandardCopyOption.REPLACE_EXISTING);
        Files.writeString(set, "codeletset: other\ncodelets: [{object: code.o}]\n");
        try (var loaded = opened.load()) {
            assertThat(loaded.name()).isEqualTo("set");
            assertThat(loaded.digest()).isEqualTo(digest);
            assertThat(loaded.programs().keySet()).doesNotContain("tally").isNotEmpty();
        }
        assertRefused(Rule.DESCRIPTOR_DIGEST, "the descriptor of set `other` is another one than was signed");
    }

    @Test
    void shouldCheckAReplacingVersionToo() throws Exception {
        var loaded = runtime.load(set);
        Files.writeString(set, Files.readString(set) + "limits: {max_steps: 500}\n");
        var failure = catchThrowableOfType(LoadException.class, () -> loaded.replace(set));
        assertThat(failure).hasMessageContaining("rule descriptor_digest: ");
        signWith(key);
        loaded.replace(set);
        assertThat(loaded.descriptor().limits().maxSteps()).hasValue(500);
    }

    @Test
    void shouldHaveNoTwoManifestsWithOneText() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SetManifest.of(new byte[0], Map.of("a\nobject x b", new byte[0])));
        assertThat(SetManifest.of("x".getBytes(StandardCharsets.UTF_8), Map.of("b", new byte[0], "a", new byte[] {1}))
                        .text())
                .isEqualTo("""
                    descriptor 2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881
                    object 4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a a
                    object e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 b
                    """);
    }

    private void assertRefused(Rule rule, String sentence) {
        var refusal = refusal();
        assertThat(refusal.rule()).isEqualTo(rule);
        assertThat(refusal).hasMessageStartingWith("rule " + rule.label() + ": " + sentence);
    }

    private AdmissionException refusal() {
        var failure = catchThrowableOfType(LoadException.class, () -> runtime.load(set));
        assertThat(failure.stage()).isEqualTo(Stage.ADMISSION);
        assertThat(runtime.sets()).isEmpty();
        return (AdmissionException) failure.getCause();
    }

    private void signWith(SigningKey pair) throws IOException {
        var manifest = SetManifest.of(Files.readAllBytes(set), Map.of("code.o", bytes("code.o")));
        Files.writeString(signature(), pair.sign(manifest));
    }

    private byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(folder.resolve(name));
    }

    private Path signature() {
        return folder.resolve("set.yaml.sig");
    }

    private List<Path> trusted() {
        return List.of(folder.resolve("trusted.pub"));
    }

    private AdmissionSettings deny(Set<String> digests) {
        return new AdmissionSettings(Unsigned.DENY, trusted(), digests, Optional.empty());
    }
}

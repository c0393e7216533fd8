package io.vertebra.runtime.codelet;

import static io.vertebra.runtime.codelet.VersionHooks.HOOKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertebra.config.RuntimeSettings;
import io.vertebra.runtime.codelet.LoadException.Stage;
import io.vertebra.vm.btf.CDeclarations;
import io.vertebra.vm.program.ContextTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Codelets that were compiled against another version of their hook. */
class VersionTest {

    @TempDir
    Path folder;

    private final CodeletRuntime runtime = CodeletRuntime.start(RuntimeSettings.ofCores(1));

    @AfterEach
    void close() {
        runtime.close();
    }

    private CodeletSet load(String object) throws Exception {
        assertThat(HOOKS).isNotNull(); // initialised, so that its hooks are known
        var file = folder.resolve(object);
        Files.copy(Path.of(VersionTest.class.getResource("/codelets/" + object).toURI()), file);
        var descriptor = folder.resolve("set.yaml");
        Files.writeString(descriptor, "codeletset: set\ncodelets: [{object: " + object + "}]\n");
        return runtime.load(descriptor);
    }

    @Test
    void shouldRunCodeletsOfAnOlderVersion() throws Exception {
        load("relocated.bpf.o");
        assertThat(HOOKS.asked(true, 4, (char) 5, 678L, 0.5, -9, "abc", (short) 7))
                .isEqualTo(((((4 * 10 + 5) * 1000L + 678) * 1000 - 9) * 10 + 7) * 1000 + 'b');
        assertThat(HOOKS.asked(true, -4, (char) 0, -1L, 0.5, Integer.MIN_VALUE, "", (short) -1))
                .isEqualTo(((-4 * 10) * 1000L - 1) * 10_000 + 10L * Integer.MIN_VALUE - 1);
    }

    @Test
    void shouldNameFieldsThatAreGone() {
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load("gone.bpf.o"))
                .withMessageContaining("(gone.bpf.c:8): field `gone` of struct version_asked: hook `version/asked` has"
                        + " no field `gone`, it has added, route_id, route, path_id, letter, bytes, share, narrow,"
                        + " text, name, last")
                .extracting(LoadException::stage)
                .isEqualTo(Stage.VERIFICATION);
    }

    @Test
    void shouldRefuseFixedOffsetsOfAnOlderVersion() {
        assertThatExceptionOfType(LoadException.class)
                .isThrownBy(() -> load("halfway.bpf.o"))
                .withMessageContaining("struct version_asked in the object has field `bytes` at offset 0 with 4 bytes")
                .extracting(LoadException::stage)
                .isEqualTo(Stage.CONTEXT);
    }

    @Test
    void shouldDescribeHooksInC() {
        var context = runtime.hooks().stream()
                .filter(h -> h.name().equals("version/asked"))
                .findFirst()
                .orElseThrow()
                .context();
        var types = ContextTypes.of(List.of(context));
        assertThat(CDeclarations.definition(types, types.types().size() - 1)).isEqualTo("""
            struct version_asked {
                __u8 added;
                __s32 route_id;
                __s32 route;
                __s32 path_id;
                __u16 letter;
                __s64 bytes;
                double share;
                __s32 narrow;
                struct {
                    __u16 len;
                    char s[20];
                } text;
                struct {
                    __u16 len;
                    char s[20];
                } name;
                __s16 last;
            };\
            """);
    }
}

package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.config.AdmissionSettings;
import io.vertebra.config.AdmissionSettings.Unsigned;
import io.vertebra.config.HttpSettings;
import io.vertebra.verticles.Vertebra;
import io.vertebra.verticles.VertebraConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a new key to a set that a strict server takes. */
@Timeout(120)
class SigningCommandsTest {

    @TempDir
    Path folder;

    @Test
    void shouldMakeKeysSignAndLoad() throws Exception {
        var made = Command.run("keygen", file("release"));
        assertThat(made.out()).matches("key [0-9a-f]{64}: \\S+release.key signs, \\S+release.pub is for servers\n");
        Command.run("keygen", file("release"))
                .shouldFail(
                        1,
                        "keys cannot be written: `" + file("release.key")
                                + "` is there already, keys are never overwritten");
        Files.copy(Path.of("../runtime/src/test/resources/codelets/interval.bpf.o"), folder.resolve("code.o"));
        Files.writeString(folder.resolve("set.yaml"), "codeletset: set\ncodelets: [{object: code.o}]\n");
        var admission = new AdmissionSettings(
                Unsigned.DENY, List.of(folder.resolve("release.pub")), Set.of(), Optional.empty());
        var http = HttpSettings.defaults().withPort(0).withRunFolder(folder.resolve("run"));
        try (var vertebra = Vertebra.start(
                VertebraConfig.defaults().withCores(1).withHttp(http).withAdmission(admission))) {
            assertThat(load(vertebra).err()).startsWith("Error: rule unsigned: set `set` has no signature");
            var signed = Command.run("set", "sign", file("set.yaml"), "--key", file("release.key"));
            assertThat(signed.out()).matches("set [0-9a-f]{64} signed with key [0-9a-f]{64}: \\S+set.yaml.sig\n");
            assertThat(load(vertebra).out()).isEqualTo("set set loaded\n");
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAKey() throws Exception {
        Files.writeString(folder.resolve("set.yaml"), "codeletset: set\ncodelets: [{object: code.o}]\n");
        Command.run("keygen", file("a"));
        Command.run("keygen", file("b"));
        Files.copy(folder.resolve("a.key"), folder.resolve("c.key"));
        Files.copy(folder.resolve("b.pub"), folder.resolve("c.pub"));
        Command.run("set", "sign", file("set.yaml"), "--key", file("c.key"))
                .shouldFail(1, "key `" + file("c.pub") + "`: not the public key of `" + file("c.key") + "`");
        Command.run("set", "sign", file("set.yaml"), "--key", file("none.key"))
                .shouldFail(1, "key `" + file("none.key") + "`: no such file");
        Command.run("set", "sign", file("set.yaml"), "--key", file("a.key"))
                .shouldFail(1, "object `" + file("code.o") + "` cannot be read: no such file");
        assertThat(Command.run("set", "sign", file("set.yaml")).exit()).isEqualTo(2);
    }

    private Command load(Vertebra vertebra) {
        return Command.run("set", "load", file("set.yaml"), "--url", vertebra.url(), "--run-folder", file("run"));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }
}

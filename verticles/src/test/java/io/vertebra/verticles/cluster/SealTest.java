package io.vertebra.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealTest {

    @TempDir
    Path folder;

    @Test
    void shouldOpenWhatWasSealedForTheSamePurposeOnly() throws Exception {
        var file = folder.resolve("secret");
        var seal = Seal.of("fleet", file);
        var sealed = seal.seal("beat", new byte[] {1, 2, 3});
        assertThat(Seal.of("fleet", file).open("beat", sealed)).contains(new byte[] {1, 2, 3});
        assertThat(seal.open("ask", sealed)).isEmpty();
        assertThat(Seal.of("other", file).open("beat", sealed)).isEmpty();
        assertThat(Seal.of("fleet", folder.resolve("another")).open("beat", sealed))
                .isEmpty();
        for (int i = 0; i < sealed.length; i++) {
            var forged = sealed.clone();
            forged[i] ^= 1;
            assertThat(seal.open("beat", forged)).isEmpty();
        }
        assertThat(seal.open("beat", new byte[3])).isEmpty();
    }

    @Test
    void shouldMakeOneSecretForAllThatStartTogether() throws Exception {
        var file = folder.resolve("run").resolve("secret");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var seals = IntStream.range(0, 8)
                    .mapToObj(_ -> threads.submit(() -> Seal.of("fleet", file)))
                    .toList();
            var sealed = seals.getFirst().get().seal("beat", new byte[1]);
            for (var seal : seals) {
                assertThat(seal.get().open("beat", sealed)).isPresent();
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldRefuseASecretThatIsNone() throws Exception {
        var file = Files.writeString(folder.resolve("secret"), "short");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> Seal.of("fleet", file))
                .isInstanceOf(IOException.class)
                .hasMessage("its permissions are rw-r-----, allowed is rw------- (chmod 600)");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> Seal.of("fleet", file)).hasMessage("it has 5 bytes, needed are 32");
    }
}

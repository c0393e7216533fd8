package io.vertebra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFileTest {

    @Test
    void shouldReadUpToTheBoundAndNoFurther(@TempDir Path folder) throws IOException {
        var file = Files.write(folder.resolve("f"), new byte[] {1, 2, 3});

        assertThat(InputFile.read(file, 3)).containsExactly(1, 2, 3);
        assertThatIOException()
                .isThrownBy(() -> InputFile.read(file, 2))
                .withMessage("more than the 2 bytes that are allowed");
    }

    @Test
    void shouldSayWhatIsWrongWithAFile(@TempDir Path folder) {
        assertThatIOException()
                .isThrownBy(() -> InputFile.read(folder.resolve("none"), 1))
                .withMessage("no such file");
        assertThatIOException().isThrownBy(() -> InputFile.read(folder, 1)).withMessage("Is a directory");
    }
}

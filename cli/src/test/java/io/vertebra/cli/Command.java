package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertebra.cli.option.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** One run of the command: what it printed, and its exit code. */
record Command(int exit, String out, String err) {

    static Command run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int exit = Main.run(() -> Terminal.NONE, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Command(exit, out.toString(), err.toString());
    }

    /** Copies an object from the class path, because commands take files. */
    static Path object(Path folder, String resource) {
        try {
            var file = folder.resolve(resource.substring(resource.lastIndexOf('/') + 1));
            return Files.write(file, bytes(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(String resource) {
        try (InputStream in = Command.class.getResourceAsStream(resource)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String golden(String name) {
        return new String(bytes("/golden/" + name), StandardCharsets.UTF_8);
    }

    /** It printed nothing to standard output, and one sentence about what is wrong. */
    void shouldFail(int code, String sentence) {
        assertThat(out).isEmpty();
        assertThat(err.lines().findFirst()).contains("Error: " + sentence);
        assertThat(err.lines().count()).isEqualTo(code == 2 ? 2 : 1);
        assertThat(exit).isEqualTo(code);
    }

    /** It printed this, and succeeded. */
    void shouldPrint(String expected) {
        assertThat(err).isEmpty();
        assertThat(out).isEqualTo(expected);
        assertThat(exit).isZero();
    }
}

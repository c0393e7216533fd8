package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands conformance and plugin. */
class ConformanceCommandsTest {

    private final InputStream stdin = System.in;

    @TempDir
    Path folder;

    @AfterEach
    void restore() {
        System.setIn(stdin);
    }

    private static Command plugin(String program, String... arguments) {
        System.setIn(new ByteArrayInputStream(program.getBytes(StandardCharsets.UTF_8)));
        var all = new String[arguments.length + 1];
        all[0] = "plugin";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Command.run(all);
    }

    @ParameterizedTest
    @CsvSource({"conformance, '220 passed, 0 failed'", "ubpf, '55 passed, 0 failed, 18 skipped'"})
    void shouldPassTheSuites(String suite, String last) {
        var given = System.getProperty("vertebra.corpora");
        var corpora = given == null ? Path.of("").toAbsolutePath().resolve("../../shared/corpora") : Path.of(given);
        var directory = corpora.resolve(suite).normalize();
        assumeTrue(Files.isDirectory(directory), "skipped: no " + directory + ", set -Dvertebra.corpora");
        var result = Command.run("conformance", directory.toString());
        assertThat(result.out().lines().reduce((_, line) -> line)).contains(last);
        assertThat(result.exit()).isZero();
    }

    @Test
    void shouldSayWhatFailed() throws IOException {
        Files.createDirectory(folder.resolve("more"));
        Files.writeString(folder.resolve("a.data"), "-- asm\nmov %r0, 1\nexit\n-- result\n0x1\n");
        Files.writeString(folder.resolve("b.data"), "-- asm\nmov %r0, 1\nexit\n-- result\n0x2\n");
        Files.writeString(folder.resolve("more/c.data"), "-- pyelf\n");
        Files.writeString(folder.resolve("d.data"), "-- asm @ none.asm\n-- result\n0x2\n");
        var result = Command.run("conformance", folder.toString());
        assertThat(result.out()).isEqualTo("""
            PASS a.data
            FAIL b.data: r0 is 0x1, expected 0x2
            FAIL d.data: the file cannot be read: java.nio.file.NoSuchFileException: %s
            SKIP more/c.data: changes an ELF file of uBPF's
            1 passed, 2 failed, 1 skipped
            """.formatted(folder.resolve("none.asm")));
        assertThat(result.exit()).isOne();
        var json = new JsonObject(
                Command.run("conformance", "-j", folder.toString()).out());
        assertThat(json.getInteger("failed")).isEqualTo(2);
        assertThat(json.getJsonArray("tests").getJsonObject(1).getString("reason"))
                .isEqualTo("r0 is 0x1, expected 0x2");
    }

    @Test
    void shouldRefuseFoldersWithoutTests() {
        Command.run("conformance", folder.toString())
                .shouldFail(1, "folder `" + folder + "` has no .data file, at least one is needed");
        Command.run("conformance", "none").shouldFail(1, "folder `none` does not exist");
        Command.run("conformance", folder.toString(), "--executor", "cpu")
                .shouldFail(2, "--executor cpu is unknown, allowed are interpreter and jit");
    }

    @Test
    void shouldBeAPlugin() {
        plugin("b7 00 00 00 2a 00 00 00\n95 00 00 00 00 00 00 00\n").shouldPrint("2a\n");
        plugin("b7 00 00 00 ff ff ff ff 95 00 00 00 00 00 00 00", "").shouldPrint("ffffffffffffffff\n");
        plugin("71 10 01 00 00 00 00 00 95 00 00 00 00 00 00 00", "fe ff").shouldPrint("ff\n");
        plugin("bf20000000000000 9500000000000000", "0xfeff00").shouldPrint("3\n");
    }

    @Test
    void shouldRefuseWhatIsNoProgram() {
        plugin("").shouldFail(1, "program: no instruction, at least one is needed");
        plugin("zz").shouldFail(1, "program: `z` at digit 1 of `zz` is not hex");
        plugin("9").shouldFail(1, "program: `9` has 1 digits, two are needed for each byte");
        plugin("95").shouldFail(1, "program: code: 1 bytes of code, must be a multiple of 8");
        plugin("9500000000000000", "0x0")
                .shouldFail(
                        2,
                        "Invalid value for positional parameter at index 0 (HEXMEM): `0` has 1 digits, two are needed"
                                + " for each byte");
        plugin("71 10 01 00 00 00 00 00 95 00 00 00 00 00 00 00", "fe")
                .shouldFail(1, "program: insn 0: read of the payload: offset=1, size=1, allowed [0, 1)");
    }

    @Test
    void shouldExplainEveryCommandWithExamples() {
        for (var command : new String[] {"demo", "verify", "inspect", "run", "conformance", "plugin"}) {
            var help = Command.run("help", command);
            assertThat(help.out()).startsWith("Usage: vertebra " + command).contains("\nExamples:\n  ");
            assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
            assertThat(Command.run(command, "-V").out()).startsWith("vertebra ");
        }
        assertThat(Command.run("help").out()).contains("\nExamples:\n  ");
    }
}

package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guide for codelets does what it says: see {@code docs/follow}. That for applications is {@code .ci/guides}'s. */
@Timeout(180)
class GuideTest {

    @TempDir
    Path folder;

    @Test
    void shouldLeadToACodeletOfOnesOwn() throws Exception {
        var clang = clang();
        assumeTrue(clang.isPresent(), "skipped: needs clang 14 or newer on the path (Debian: apt install clang)");
        assumeTrue(onPath("patch").isPresent(), "skipped: needs patch on the path");
        var commands = Files.createDirectory(folder.resolve("bin"));
        command(commands.resolve("clang"), "exec '" + clang.get() + "' \"$@\"\n");
        vertebra(commands.resolve("vertebra"));

        var log = folder.resolve("log").toFile();
        var guide = new ProcessBuilder(
                        "sh",
                        "../docs/follow",
                        "../docs/codelets.md",
                        folder.resolve("empty").toString())
                .redirectErrorStream(true)
                .redirectOutput(log);
        guide.environment().merge("PATH", commands.toString(), (path, own) -> own + File.pathSeparator + path);
        int exit = guide.start().waitFor();

        assertThat(exit).as(() -> text(log.toPath())).isZero();
    }

    /** The command as these classes are, at a port of its own, because others may run here too. */
    private static void vertebra(Path file) throws IOException {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        command(file, """
            case $1 in
            demo) set -- "$@" --port %d ;;
            map | set) set -- "$@" --url http://127.0.0.1:%d ;;
            esac
            exec '%s' --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp '%s' %s "$@"
            """.formatted(
                        port,
                        port,
                        Path.of(System.getProperty("java.home"), "bin", "java"),
                        System.getProperty("java.class.path"),
                        Main.class.getName()));
    }

    private static void command(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static Optional<Path> clang() {
        return Stream.concat(
                        Stream.of("clang"),
                        Stream.iterate(30, v -> v >= 14, v -> v - 1).map(v -> "clang-" + v))
                .flatMap(name -> onPath(name).stream())
                .findFirst();
    }

    private static Optional<Path> onPath(String command) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(part -> Path.of(part, command))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}

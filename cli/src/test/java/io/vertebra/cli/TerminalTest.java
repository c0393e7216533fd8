package io.vertebra.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What only a terminal gets, in a real one: the command {@code script} of util-linux makes it. */
@Timeout(120)
class TerminalTest {

    private static final String CTRL_C = "\003";
    private static final String INVERSE = "\033[7m";

    @TempDir
    static Path folder;

    private static ProbeRuntime probe;

    @BeforeAll
    static void start() throws Exception {
        Assumptions.assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Path.of(path, "script").toFile().canExecute()),
                "the command `script` makes the terminal");
        probe = ProbeRuntime.start(folder, "count.bpf.o");
        probe.load("count", "codelets: [{object: count.bpf.o, execution: inline}]");
    }

    @AfterAll
    static void stop() {
        if (probe != null) {
            probe.close();
        }
    }

    @Test
    void shouldShowALivePageAndGiveTheTerminalBack() throws Exception {
        try (var terminal = new Pty(
                "trap : INT; stty -g; " // the shell outlives the Ctrl-C that ends the command
                        + vertebra("top", "-d", "0.2") + "; stty -g; " + vertebra("top") + "; stty -g")) {
            var before = terminal.until("\n").strip();
            terminal.until("by runs; ");
            terminal.until("count/count ");
            terminal.type("n");
            terminal.until("by name; ");
            terminal.type("h");
            terminal.until("probe/seen ");
            terminal.type("q");
            assertThat(terminal.until("\033[?1049l")).contains("\033[?25h"); // the cursor, and the page of before
            assertThat(terminal.until("\n").strip()).isEqualTo(before);
            terminal.until("by runs; ");
            terminal.type(CTRL_C);
            terminal.until("\033[?1049l");
            assertThat(terminal.until("\n").strip()).endsWith(before);
        }
    }

    @Test
    void shouldHighlightWhatHasChanged() throws Exception {
        probe.run("map", "update", "name", "last_bytes", "key", "7", "value", "1")
                .shouldPrint("");
        probe.run("map", "update", "name", "last_bytes", "key", "8", "value", "1")
                .shouldPrint("");
        try (var terminal = new Pty(vertebra("map", "dump", "name", "last_bytes", "--watch", "-d", "0.2"))) {
            assertThat(terminal.until("Found 2 elements")).doesNotContain(INVERSE);
            probe.run("map", "update", "name", "last_bytes", "key", "8", "value", "2")
                    .shouldPrint("");
            terminal.until(INVERSE + "key: 8  value: 2\033[0m");
            terminal.type(CTRL_C);
        }
    }

    /** The command in a JVM of its own, for a shell. */
    private static String vertebra(String... words) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var start = Stream.of(
                java, "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Main.class.getName());
        return Stream.concat(start, Stream.of(probe.arguments(words)))
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
    }

    /** A shell in a terminal of its own. */
    private static final class Pty implements AutoCloseable {
        private final Process process;
        private final Reader output;

        Pty(String command) throws IOException {
            var script = new ProcessBuilder("script", "-qec", command, "/dev/null").redirectErrorStream(true);
            script.environment().put("SHELL", "/bin/sh"); // or the caller's own would run the command
            process = script.start();
            output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8);
        }

        void type(String keys) throws IOException {
            process.getOutputStream().write(keys.getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
        }

        /** What is printed up to a text; the test's time limit ends it when that never comes. */
        String until(String text) throws IOException {
            var seen = new StringBuilder();
            for (int c = output.read(); c >= 0; c = output.read()) {
                seen.append((char) c);
                if (seen.length() >= text.length() && seen.lastIndexOf(text) == seen.length() - text.length()) {
                    return seen.toString();
                }
            }
            throw new AssertionError("no `" + text + "` in: " + seen);
        }

        @Override
        public void close() throws IOException {
            process.getOutputStream().close();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

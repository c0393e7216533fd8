package io.vertebra.connectors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Programs of the tests in a JVM of their own, with the tests' class path. */
public final class ChildJvm {

    private ChildJvm() {}

    /** Not started yet. */
    public static ProcessBuilder of(Class<?> program, String... arguments) {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> words = new ArrayList<>(
                List.of(java, "-XX:-UsePerfData", "-cp", System.getProperty("java.class.path"), program.getName()));
        words.addAll(List.of(arguments));
        return new ProcessBuilder(words).redirectErrorStream(true);
    }

    /** Runs a program that can make no file larger than some KiB; what it prints. */
    public static String runWithFilesUpTo(int kib, Class<?> program, String... arguments) throws Exception {
        var child = of(program, arguments);
        List<String> words = new ArrayList<>(List.of("sh", "-c", "ulimit -f " + 2 * kib + "; exec \"$@\"", "sh"));
        words.addAll(child.command());
        var process = child.command(words).start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}

package io.vertebra.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The program {@code baseline}: the codelets compiled by gcc, and in uBPF where the environment variable {@code
 * UBPF_HOME} names a folder with its sources.
 *
 * @param program the built program
 * @param objects the folder of the codelets
 * @param inputs the workload
 */
record Baseline(Path program, Path objects, Path inputs) {

    private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src", "main");

    /**
     * Builds it.
     *
     * @param folder where
     * @return empty without gcc
     * @throws IOException when gcc, or one of the sources, is not as needed
     */
    static Optional<Baseline> build(Path folder) throws IOException {
        if (!hasGcc()) {
            return Optional.empty();
        }
        run(SOURCES.resolve("c/build").toString(), folder.toString());
        var inputs = folder.resolve("inputs");
        new Workload().write(inputs);
        return Optional.of(new Baseline(folder.resolve("baseline"), SOURCES.resolve("codelets"), inputs));
    }

    /** Whether it has uBPF too. */
    static boolean hasUbpf() {
        return System.getenv("UBPF_HOME") != null;
    }

    private static boolean hasGcc() {
        try {
            run("gcc", "--version");
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** One result of each executor for each input, and the content of the maps: see baseline.c. */
    List<String> results() throws IOException {
        return run(program.toString(), "results", objects.toString(), inputs.toString());
    }

    /** Nanoseconds of one run, by executor and codelet, so many of each: see baseline.c. */
    List<String> times(int batches) throws IOException {
        return run(program.toString(), "times", objects.toString(), inputs.toString(), Integer.toString(batches));
    }

    /**
     * The output of a program.
     *
     * @throws IOException when it fails, with the end of its output
     */
    static List<String> run(String... command) throws IOException {
        var output = Files.createTempFile("bench", "out");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            int status = process.waitFor();
            var lines = Files.readAllLines(output);
            if (status != 0) {
                throw new IOException(String.join(" ", command) + ": status " + status + ", "
                        + String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
            }
            return lines;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command[0] + ": interrupted", e);
        } finally {
            Files.delete(output);
        }
    }
}
